"""Readers of reports, one module each, found by the name ``languages.yaml`` gives."""

from collections.abc import Mapping
from typing import Final

from pdd_tasks.adapters.toolchain.reports import (
    gcov,
    gocover,
    gotest,
    jest,
    junit,
    lcov,
    libtest,
    tap,
    xtrace,
)
from pdd_tasks.adapters.toolchain.result import CoverageReader, ResultReader


RESULTS: Final[Mapping[str, ResultReader]] = {
    "gotest": gotest.cases,
    "jest": jest.cases,
    "junit": junit.cases,
    "libtest": libtest.cases,
    "tap": tap.cases,
}
COVERAGE: Final[Mapping[str, CoverageReader]] = {
    "gcov": gcov.covered,
    "gocover": gocover.covered,
    "lcov": lcov.covered,
    "xtrace": xtrace.covered,
}
