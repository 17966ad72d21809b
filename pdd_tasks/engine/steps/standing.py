"""Holds new tests to the promise that the ones that stand are never harmed.

Rule 1: every old test is there afterwards, by name and body. Rule 2: it passes if it
passed before. Rule 3: old lines keep their bytes, whatever a formatter would like.
"""

from collections import Counter
from dataclasses import replace
from typing import Final

from pdd_tasks.core.merge.accumulated import Accumulated
from pdd_tasks.core.model.text_style import plain
from pdd_tasks.core.model.trace import TestRun
from pdd_tasks.core.plan.facts import Ran
from pdd_tasks.engine.formatting import formatted
from pdd_tasks.engine.material import local_id
from pdd_tasks.engine.work import Work
from pdd_tasks.errors import StepError


_BESIDE: Final = "conftest.py"
"""Where pytest finds what all tests of a folder may ask for."""


def old_tests(work: Work) -> str:
    """Return the text of the test file that grows; empty if it is absent.

    Raises:
        StepError: If it is not UTF-8: adding to it would lose bytes.
    """
    try:
        return plain(old_bytes(work))
    except UnicodeDecodeError:
        msg = f"unit {work.unit.id}: {work.unit.test} is not UTF-8 text"
        raise StepError(msg, hint="save it as UTF-8, or add tests by hand") from None


def old_bytes(work: Work) -> bytes:
    """Return the bytes of the test file that grows; empty if it is absent."""
    return work.view.snapshot.contents.get(work.unit.test, b"")


def known_run(work: Work) -> TestRun | None:
    """Return the last run of the tests as they stand; None if it was not good."""
    return work.view.report.tests if work.view.facts.test_run is Ran.GOOD else None


def joined(work: Work, old: str, new: str) -> Accumulated:
    """Return the old tests with new ones added, as a formatter would have them.

    Args:
        work: The operation.
        old: The test file so far.
        new: A file with new tests.
    """
    read = work.world.files.read
    beside = [read(folder / _BESIDE) for folder in work.unit.test.parents]
    around = [data.decode("utf-8", errors="replace") for data in beside if data]
    return _tidied(work, old, work.view.syntax.accumulated(old, new, around))


def _tidied(work: Work, old: str, merged: Accumulated) -> Accumulated:
    """Return the merge as the formatter writes it, if that leaves old lines alone."""
    if not merged.added or not old.strip():
        return merged  # nothing to add, or nothing but what is formatted already
    text = formatted(work.world, work.view, work.unit.test, merged.text)
    rest = iter(text.splitlines())
    kept = all(line in rest for line in old.splitlines())
    return replace(merged, text=text) if kept else merged


def check_kept(work: Work, old: str, new: str) -> None:
    """Refuse a file in which a test of the old one is missing or differs.

    Raises:
        StepError: If one is; the old file stays as it is.
    """
    if not old.strip():
        return
    before, after = work.view.syntax.tests(old), work.view.syntax.tests(new)
    gone = [test for test, body in before.items() if after.get(test) != body]
    if gone:
        msg = f"unit {work.unit.id}: adding tests would lose {', '.join(gone)}"
        raise StepError(msg, hint="add the tests by hand; nothing was changed")


def lost(before: TestRun | None, now: TestRun) -> dict[str, str]:
    """Return old test → how it ended, for those that passed and do not any more."""
    were = passed(before) if before else Counter()
    are = passed(now)
    return {
        local_id(test): "it does not pass any more"
        for test, number in were.items()
        if are[test] < number
    }


def passed(run: TestRun) -> Counter[str]:
    """Return test → how many of its cases passed; what cases are called may vary."""
    found = run.results.items()
    return Counter(t.partition("[")[0] for t, outcome in found if outcome == "passed")
