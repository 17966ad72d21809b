"""What a run is true for: the digests of the files and settings it was taken with.

The runner records these names with its results; the engine computes them again
to ask whether a report still holds. Rule 1: nothing here needs a run. Rule 2: a
coverage target is no input, since it changes nothing that runs.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Final

from pdd_tasks.core.model.artifact import Digest, text_digest
from pdd_tasks.core.model.unit import DevUnit


_JSON: Final = json.JSONEncoder(sort_keys=True)
SETTINGS: Final = "settings"
"""Name of the input that stands for commands, environment and interpreter."""


def example_inputs(
    unit: DevUnit, digests: Mapping[PurePosixPath, Digest]
) -> dict[str, str]:
    """Return what a run of the example is true for, name → digest.

    Args:
        unit: The unit.
        digests: Digests of the files that stand; others are left out.
    """
    files = run_files((*unit.code, unit.example), digests)
    return {**files, SETTINGS: example_settings(unit)}


def test_inputs(
    unit: DevUnit, digests: Mapping[PurePosixPath, Digest]
) -> dict[str, str]:
    """Return what a run of the tests is true for, name → digest.

    Args:
        unit: The unit.
        digests: Digests of the files that stand; others are left out.
    """
    files = run_files((*unit.code, *unit.tests), digests)
    return {**files, SETTINGS: test_settings(unit)}


def example_settings(unit: DevUnit) -> str:
    """Return the digest of what a run of the example depends on beside its files."""
    language = unit.language
    return _settings(unit, language.run, language.before_run)


def test_settings(unit: DevUnit) -> str:
    """Return the digest of what a run of the tests depends on beside its files."""
    language = unit.language
    command = (*language.test, *language.measure)
    around = (*language.before_test, *language.after_test)
    return _settings(unit, command, around)


def run_files(
    files: Iterable[PurePosixPath], digests: Mapping[PurePosixPath, Digest]
) -> dict[str, str]:
    """Return the part of what a run is true for that is files.

    Args:
        files: The files that it reads.
        digests: Digests of the files that stand; others are left out.
    """
    return {str(path): digests[path].raw for path in files if path in digests}


def _settings(
    unit: DevUnit, command: Sequence[str], around: Sequence[Sequence[str]]
) -> str:
    settings: dict[str, object] = {
        "command": list(command),
        "environment": dict(unit.language.environment),
        "interpreter": unit.settings.interpreter or unit.language.interpreter,
        "passed": sorted(unit.settings.environment),
    }
    # What most languages do not have is left out, so that their digests stay.
    more: dict[str, list[list[str]] | list[str] | dict[str, str]] = {
        "around": [list(one) for one in around],
        "files": dict(unit.language.files),
        "read": [unit.language.results, unit.language.coverage],
    }
    settings |= {name: value for name, value in more.items() if any(value)}
    return _digest(_JSON.encode(settings))


@lru_cache(maxsize=64)  # the same for most units of a project
def _digest(settings: str) -> str:
    return text_digest(settings)
