"""Adds tests and never takes one away.

Rule 1: a new test is kept only if it collects, passes, and passes again; one that
was skipped proves nothing. Rule 2: every old test is there afterwards, by name and
body, and passes if it passed before. Rule 3: coverage that stays low is a warning
unless the project requires it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pdd_tasks.core.merge.accumulated import Accumulated
from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.failure import Failure, summary
from pdd_tasks.core.model.settings import Strictness
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.text_style import styled
from pdd_tasks.core.model.trace import TestRun
from pdd_tasks.core.plan.facts import Ran, tests_ran
from pdd_tasks.engine.material import common, local_id, section
from pdd_tasks.engine.ports import Bench
from pdd_tasks.engine.reply_code import code_in
from pdd_tasks.engine.source import shown, texts
from pdd_tasks.engine.steps.runs import reported, tests_line
from pdd_tasks.engine.steps.standing import (
    check_kept,
    joined,
    known_run,
    lost,
    old_bytes,
    old_tests,
    passed,
)
from pdd_tasks.engine.work import Result, Work
from pdd_tasks.errors import ReplyError, StepError


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """A test file that grew.

    Attributes:
        text: Its text.
        run: The last run of it; None if it was never run.
        added: Ids of tests that were kept.
        dropped: Id → why a test was not kept.
    """

    text: str
    run: TestRun | None = None
    added: tuple[str, ...] = ()
    dropped: dict[str, str] = field(default_factory=dict)


def add_tests(work: Work) -> Result:
    """Ask for tests until coverage is reached, and keep those that prove stable.

    Raises:
        ReplyError: If no reply can be used, and what stands will not do.

    Returns:
        What it leaves behind.
    """
    grown = Grown(text=old_tests(work), run=known_run(work))
    with work.world.runner.bench(work.unit) as bench:
        while work.may_ask and not (work.spent.calls and _enough(work, grown)):
            try:
                reply = _asked(work, grown)
            except ReplyError as error:
                if not _may_stay_low(work, grown):
                    raise
                grown.dropped[f"reply {work.spent.calls}"] = error.message
                break
            before, grown = grown, _grown(work, bench, grown, reply)
            if grown == before:
                break  # the same question would get the same reply
    return _result(work, grown)


def _asked(work: Work, grown: Grown) -> str:
    return work.ask("test", _values(work, grown), lambda text: _tests(work, text))


def _may_stay_low(work: Work, grown: Grown) -> bool:
    """Return whether the tests that stand will do, though coverage stays low."""
    advisory = work.unit.settings.coverage is Strictness.ADVISORY
    passes = grown.run is not None and bool(grown.run.count("passed"))
    return advisory and passes and not work.view.facts.behaviour_changed


def _enough(work: Work, grown: Grown) -> bool:
    """Return whether there are tests and they reach the target."""
    if grown.run is None or not grown.run.count("passed"):
        return False
    coverage = grown.run.coverage
    return coverage is None or round(coverage, 2) >= work.unit.settings.target_coverage


def _values(work: Work, grown: Grown) -> dict[str, str]:
    values = common(work.view)
    tag = values["fence"]
    settings = work.unit.settings
    values["code_section"] = shown(texts(work.view), tag)
    values["example_section"] = section(values["example_path"], values["example"], tag)
    values["tests_section"] = section("Tests that exist", grown.text, tag)
    values["target"] = f"{settings.target_coverage:g}"
    missing = grown.run.missing if grown.run else ""
    values["missing_section"] = section("Lines and branches not covered yet", missing)
    dropped = "\n".join(f"- {test}: {why}" for test, why in grown.dropped.items())
    values["dropped_section"] = section("Tests that were not kept, and why", dropped)
    return values


def _tests(work: Work, text: str) -> str:
    code = code_in(work, text, work.unit.test)
    if not work.view.syntax.tests(code):
        msg = "the reply holds no test"
        raise ReplyError(msg)
    return code


def _grown(work: Work, bench: Bench, grown: Grown, reply: str) -> Grown:
    """Return the file with those tests of a reply that hold."""
    merged = joined(work, grown.text, reply)
    dropped = {**grown.dropped, **merged.refused}
    text, run = grown.text, grown.run
    added: tuple[str, ...] = ()
    if merged.added:
        text, run, added = _held(work, bench, grown, (merged, reply), dropped)
    return Grown(text=text, run=run, added=grown.added + added, dropped=dropped)


def _held(
    work: Work,
    bench: Bench,
    grown: Grown,
    new: tuple[Accumulated, str],
    dropped: dict[str, str],
) -> tuple[str, TestRun | None, tuple[str, ...]]:
    """Return the text, its last run and the new tests that passed every run.

    A failing new test is taken out and the rest is tried again; should an old test
    fail because of the new ones, all of the new ones are refused.
    """
    merged, reply = new
    text, added = merged.text, merged.added
    while added:
        check_kept(work, grown.text, text)
        run, failed = _stable(work, bench, text)
        failed = failed or lost(grown.run, run) or _unproven(run, added)
        if not failed:
            return text, run, added
        guilty = tuple(test for test in added if test in failed) or added
        # A file that could not be built or loaded says why for all that is in it.
        otherwise = failed.get("", "it disturbs the others")
        dropped.update({test: failed.get(test, otherwise) for test in guilty})
        added = tuple(test for test in added if test not in guilty)
        reply = work.view.syntax.without_tests(reply, guilty)
        text = _without(work, grown.text, (text, reply), guilty, added)
    return grown.text, grown.run, ()


def _without(
    work: Work,
    old: str,
    texts: tuple[str, str],
    guilty: Sequence[str],
    added: Sequence[str],
) -> str:
    """Return a test file less some new tests, and less what only they needed.

    Args:
        work: The operation.
        old: The file without any new test.
        texts: The file with them, and the reply less the guilty ones.
        guilty: The tests to leave out.
        added: The new tests that stay.
    """
    text, reply = texts
    again = joined(work, old, reply) if added else None
    if again is not None and again.added == tuple(added):
        return again.text
    return work.view.syntax.without_tests(text, guilty)  # some had to be renamed


def _unproven(run: TestRun, added: Sequence[str]) -> dict[str, str]:
    """Return new test → why it proves nothing, for those that never passed."""
    ran = {local_id(test) for test in run.results}
    proven = {local_id(test) for test in passed(run)}
    return {
        test: "it was skipped" if test in ran else "it was not run"
        for test in added
        if test not in proven
    }


def _stable(work: Work, bench: Bench, text: str) -> tuple[TestRun, dict[str, str]]:
    """Run the tests as often as they must pass; return the measured run.

    Returns:
        The first run, and local test id → why it failed; an id of ``""`` stands for
        a run that counted nothing.
    """
    files = {work.unit.test: styled(text, old_bytes(work))}
    measured = bool(work.unit.language.measure)
    first = bench.tests(files, measure=measured)
    failed = _failed(first)
    for seed in range(1, work.unit.settings.stability_runs):
        if failed:
            break
        again = _failed(bench.tests(files, measure=False, seed=seed))
        failed = {test: f"not stable: {why}" for test, why in again.items()}
    return first, failed


def _failed(run: TestRun) -> dict[str, str]:
    if tests_ran(run) is Ran.GOOD and run.results:
        return {}
    reasons: dict[str, Failure] = {local_id(f.test): f for f in run.failures}
    found = {test: summary((failure,)) for test, failure in reasons.items()}
    bad = (t for t, outcome in run.results.items() if outcome == "failed")
    for test in bad:
        found.setdefault(local_id(test), "it failed")
    return found or {"": "no test was counted"}


def _result(work: Work, grown: Grown) -> Result:
    attempts = work.spent.calls
    if grown.run is None or not grown.run.count("passed"):
        return _none_kept(work, grown)
    bytes_now = styled(grown.text, old_bytes(work))
    files = {work.unit.test: bytes_now} if grown.added else {}
    after = work.after(files)
    trace = work.with_record(
        work.view.trace, Step.TEST, after, outputs=after.digests(Artifact.TESTS)
    )
    count = len(grown.added)
    notes = [f"{count} test{'s' * (count != 1)} added", _ran(grown.run)]
    notes += [f"not kept: {test}: {why}" for test, why in grown.dropped.items()]
    failure = None
    if not _enough(work, grown):
        target = work.unit.settings.target_coverage
        short = f"coverage {grown.run.coverage:.1f} % stays below {target:g} %"
        trace = work.with_surrender(trace, after, short, attempts)
        notes.append(f"warning: {short}")
        if work.unit.settings.coverage is Strictness.REQUIRED:
            hint = "add tests by hand, or lower target_coverage"
            failure = StepError(f"unit {work.unit.id}: {short}", hint=hint)
    return Result(
        files=files,
        trace=trace,
        report=reported(work, tests=grown.run),
        notes=tuple(notes),
        failure=failure,
    )


def _ran(run: TestRun) -> str:
    """Return one line on a run of tests that should have been measured."""
    return tests_line(run) + (", coverage unknown" if run.coverage is None else "")


def _none_kept(work: Work, grown: Grown) -> Result:
    why = "; ".join(f"{test}: {reason}" for test, reason in grown.dropped.items())
    because = f"no generated test could be kept: {why}"
    msg = f"unit {work.unit.id}: {because}"
    hint = (
        "write a test by hand, or change the prompt, or retry with"
        f" `doit forget sync:{work.unit.id}:{Step.TEST}`"
    )
    after, attempts = work.after({}), work.spent.calls
    trace = work.with_surrender(work.view.trace, after, because, attempts)
    return Result(trace=trace, failure=StepError(msg, hint=hint))
