"""Readers of reports, one module each, found by the name ``languages.yaml`` gives."""

from collections.abc import Mapping
from typing import Final

from pdd_tasks.adapters.toolchain.reports import junit, lcov, tap
from pdd_tasks.adapters.toolchain.result import CoverageReader, ResultReader


RESULTS: Final[Mapping[str, ResultReader]] = {
    "junit": junit.cases,
    "tap": tap.cases,
}
COVERAGE: Final[Mapping[str, CoverageReader]] = {
    "lcov": lcov.covered,
}
