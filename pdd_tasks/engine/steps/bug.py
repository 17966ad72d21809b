"""A described bug as one failing test that joins the others for good.

Rule 1: the test fails by what the code does, and by no mistake of its own; it fails
the same way in every run. Rule 2: the code is left as it is: the step *fix* mends it,
and the test is one of its walls. Rule 3: where the prompt asks for what is called a
bug, a person decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import assert_never

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.text_style import styled
from pdd_tasks.core.model.trace import Fingerprint
from pdd_tasks.core.plan.change import State
from pdd_tasks.core.prompt.bug_report import comment, contradiction, says
from pdd_tasks.core.prompt.reply import fences
from pdd_tasks.engine.material import common, section
from pdd_tasks.engine.ports import Bench
from pdd_tasks.engine.reply_code import code_in
from pdd_tasks.engine.source import interface, public_names, shown, texts
from pdd_tasks.engine.steps.bug_proof import Right, Shown, proof
from pdd_tasks.engine.steps.runs import reported
from pdd_tasks.engine.steps.standing import (
    old_bytes,
    old_tests,
)
from pdd_tasks.engine.work import Result, Work, with_outputs
from pdd_tasks.errors import ConflictError, ReplyError, StepError


@dataclass(frozen=True, slots=True)
class Contradicted:
    """Words of the prompt that ask for what is called a bug."""

    words: str


Answer = Shown | Right | Contradicted


def show_bug(work: Work, description: str) -> Result:
    """Ask for a test that shows a bug, prove that it fails for it, and add it.

    Args:
        work: The operation.
        description: What is wrong, and what was expected.

    Returns:
        What it leaves behind: no files and a failure if there is nothing to add.

    Raises:
        StepError: If the unit cannot be tested, or no reply can be used.
    """
    _check_testable(work)
    with work.world.runner.bench(work.unit) as bench:
        try:
            answer = work.ask(
                "bug",
                _values(work, description),
                lambda reply: _answer(work, bench, description, reply),
            )
        except ReplyError as error:
            msg = f"unit {work.unit.id}: no test shows this: {error.message}"
            hint = "describe in other words what was done, what came, what should come"
            raise StepError(msg, hint=hint) from error
    match answer:
        case Shown():
            return _joined(work, answer)
        case Right(test):
            return _right(work, test)
        case Contradicted(words):
            return _contradicted(work, words)
        case _:
            assert_never(answer)


def _check_testable(work: Work) -> None:
    """Refuse a unit without code, or without a way to run tests.

    Raises:
        StepError: If it is one.
    """
    unit, syntax, code = work.unit, work.view.syntax, texts(work.view)
    if not unit.language.test:
        msg = f"unit {unit.id}: languages.yaml does not say how tests run"
        raise StepError(msg, hint=f"add test: to {unit.language.name} there")
    for path, text in code.items():
        problem = syntax.problem(text) if text.strip() else "it does not exist"
        if problem:
            msg = f"unit {unit.id}: {path} cannot be tested: {problem}"
            raise StepError(msg, hint=f"run `doit sync:{unit.id}` first")


def _values(work: Work, description: str) -> dict[str, str]:
    values = common(work.view)
    tag = values["fence"]
    code = texts(work.view)
    values["code_section"] = shown(code, tag)
    public = interface(work.unit, work.view.syntax, code)
    values["interface_section"] = section("Its public interface", public, tag)
    values["tests_section"] = section("Tests that exist", old_tests(work), tag)
    values["description"] = description.strip()
    return values


def _answer(work: Work, bench: Bench, description: str, reply: str) -> Answer:
    """Return what a reply comes to.

    Raises:
        ReplyError: If it cannot be used.
    """
    words = contradiction(reply)
    if words and not fences(reply):
        if not says(work.view.expansion.text, words):
            msg = "the words behind 'contradiction:' do not stand in the prompt"
            raise ReplyError(msg)
        return Contradicted(words)
    code = code_in(work, reply, work.unit.test)
    test = _one_test(work, code)
    lines = comment(description, work.unit.language.comment)
    return proof(work, bench, work.view.syntax.with_comment(code, test, lines))


def _one_test(work: Work, code: str) -> str:
    """Return the id of the one new test in a reply; old ones may come again.

    Raises:
        ReplyError: If there is none or more, or it does not use the module's code.
    """
    syntax = work.view.syntax
    stand = syntax.tests(old_tests(work))
    tests = [t for t, body in syntax.tests(code).items() if stand.get(t) != body]
    if len(tests) != 1:
        msg = f"the reply holds {len(tests)} new tests where one was asked for"
        raise ReplyError(msg)
    public = public_names(work.unit, syntax, texts(work.view))
    if not public & syntax.used_names(code):
        msg = f"the test uses nothing of {work.unit.code[0]}"
        raise ReplyError(msg)
    return tests[0]


def _joined(work: Work, shown: Shown) -> Result:
    """Return the result that adds the test and makes *fix* due."""
    files = {work.unit.test: styled(shown.text, old_bytes(work))}
    failure = shown.failure
    told = f"{failure.exception}: {failure.message}".strip(": ")
    return Result(
        files=files,
        trace=_recorded(work, files),
        report=reported(work, tests=shown.run),
        notes=(
            f"a test was added: {work.unit.test}::{shown.test}",
            f"it fails as described: {told}",
            f"at {failure.where}: {failure.line}",
        ),
    )


def _recorded(work: Work, files: Mapping[PurePosixPath, bytes]) -> Fingerprint:
    """Return the fingerprint in which the test file is ours; what is due stays due.

    An edit of the tests that a person made before stays one.
    """
    after, trace = work.after(files), work.view.trace
    tests = after.digests(Artifact.TESTS)
    match work.view.facts.tests:
        case State.ABSENT:
            return work.with_record(trace, Step.TEST, after, outputs=tests)
        case State.RECORDED:
            return with_outputs(trace, Step.TEST, tests)
        case _:
            return trace


def _right(work: Work, test: str) -> Result:
    msg = f"unit {work.unit.id}: the described behaviour is already right"
    hint = "describe in other words what was done, what came, and what should come"
    notes = ("this test of it passes, and was not added:", *test.splitlines())
    failure = StepError(msg, hint=hint)
    return Result(trace=work.view.trace, notes=notes, failure=failure)


def _contradicted(work: Work, words: str) -> Result:
    unit = work.unit
    msg = f'unit {unit.id}: {unit.prompt} asks for what is called a bug: "{words}"'
    hint = f"if that is wrong, change the prompt and run `doit sync:{unit.id}`"
    failure = ConflictError(msg, hint=hint)
    return Result(trace=work.view.trace, failure=failure)
