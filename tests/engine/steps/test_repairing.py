import pytest
from calculator_texts import (
    CODE,
    EXAMPLE,
    PROMPT,
    TESTS,
    C,
    E,
    P,
    T,
    fenced,
    judged,
    named,
    usual,
)
from memory_project import Project, forget_past, synced

from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.errors import ConflictError, StepError


CRASHING = CODE.replace("return a + b", "return a + c")
HANGING = CODE.replace("return a + b", "raise TimeoutError('a long wait')")
RENAMED = CODE.replace("def sub", "def minus")
BAD_EXAMPLE = EXAMPLE.replace("add(1, 2)", "add(1)")


def _crashing(*replies: str, code: str = CRASHING, example: str = EXAMPLE) -> Project:
    """Return a unit whose generated code and example do not fit."""
    made = {"generate": [fenced(code)], "example": [fenced(example)]}
    project = Project({P: PROMPT}, {**usual(), **made, "crash": replies})
    for step in (Step.AUTO_DEPS, Step.GENERATE, Step.EXAMPLE):
        project.perform(step)
    forget_past(project)
    return project


def test_code_that_crashes_is_repaired():
    project = _crashing(named(C, CODE))
    assert project.perform(Step.CRASH) == [Operation.RUN_EXAMPLE, Operation.REPAIR]
    assert project.read(C) == CODE
    assert project.read(E) == EXAMPLE
    assert Step.CRASH in project.trace.steps
    assert project.perform(Step.EXAMPLE) == []


def test_an_example_that_crashes_is_repaired():
    project = _crashing(named(E, EXAMPLE), code=CODE, example=BAD_EXAMPLE)
    project.perform(Step.CRASH)
    assert project.read(E) == EXAMPLE
    assert project.read(C) == CODE
    assert f"changed {E}" in project.notes
    assert project.perform(Step.EXAMPLE) == []


def test_a_repair_request_says_what_may_be_changed():
    project = _crashing(named(C, CODE))
    project.perform(Step.CRASH)
    assert f"You may change {C}, {E}." in project.request()
    assert "NameError" in project.request()


def test_code_and_example_are_repaired_one_after_the_other():
    both = {"code": CRASHING, "example": BAD_EXAMPLE}
    project = _crashing(named(E, EXAMPLE), named(C, CODE), **both)
    project.perform(Step.CRASH)
    assert (project.read(C), project.read(E)) == (CODE, EXAMPLE)
    assert EXAMPLE in project.request()


@pytest.mark.parametrize(
    "reply, because",
    [
        pytest.param(fenced(CODE), "must say once 'File: PATH'", id="no file named"),
        pytest.param(
            f"File: {C}\nFile: {E}\n{fenced(CODE)}", "must say once", id="two files"
        ),
        pytest.param(named(T, TESTS), "must say once", id="the tests"),
        pytest.param(named("src/other.py", CODE), "must say once", id="another file"),
        pytest.param(named(C, "x =\n"), "not python", id="unparsable"),
        pytest.param(named(C, RENAMED), "drops public names: sub", id="a name lost"),
        pytest.param(f"File: {C}\n", "prose", id="no text"),
    ],
)
def test_a_repair_that_cannot_be_used_is_objected_to(reply, because):
    project = _crashing(reply, named(f"`{C}`", CODE))
    project.perform(Step.CRASH)
    assert because in project.model.rejected[0]
    assert project.read(C) == CODE


def test_repair_gives_up_and_is_not_paid_again():
    project = _crashing("no", "no", "no")
    for _ in range(2):
        with pytest.raises(StepError, match="no usable reply"):
            project.perform(Step.CRASH)
    assert len(project.asked) == 3
    assert (project.read(C), project.read(E)) == (CRASHING, EXAMPLE)
    assert project.due()[Step.CRASH] is Operation.GAVE_UP


@pytest.mark.parametrize(
    "kept, mended, reply",
    [
        pytest.param(E, C, named(C, CODE), id="the code, for an example by hand"),
        pytest.param(C, E, named(E, EXAMPLE), id="the example, for code by hand"),
    ],
)
def test_a_repair_changes_only_what_no_person_wrote(kept, mended, reply):
    project = _crashing(reply)
    if kept == E:
        project.edit(E, "print(add(1, 2))", "print(add(40, 2))")
        project.perform(Step.EXAMPLE)
    else:
        project = Project({P: PROMPT, C: CODE}, {"crash": [reply]})
        project.reply("example", fenced(BAD_EXAMPLE))
        for step in (Step.AUTO_DEPS, Step.EXAMPLE):
            project.perform(step)
    before = project.read(kept)
    project.perform(Step.CRASH)
    assert f"You may change {mended}." in project.request()
    assert project.read(kept) == before


def test_code_and_example_by_hand_that_fail_stop_for_their_author():
    project = Project({P: PROMPT, C: CODE, E: BAD_EXAMPLE})
    project.perform(Step.AUTO_DEPS)
    with pytest.raises(ConflictError, match="both it and the code are a person's"):
        project.perform(Step.CRASH)
    assert project.read(E) == BAD_EXAMPLE


def test_an_example_that_hangs_is_repaired():
    project = _crashing(named(C, CODE), code=HANGING)
    project.perform(Step.CRASH)
    assert "Where it hung" in project.request()


def test_tests_that_cannot_run_are_for_crash():
    project = synced()
    project.write(T, "from calculator import mul\n\n\ndef test_it():\n    mul(1, 2)\n")
    wider = CODE + "\n\ndef mul(a, b):\n    return a * b\n"
    project.reply("crash", named(C, wider))
    project.reply("example", fenced(EXAMPLE + "print(1)\n"))
    project.reply("verify", judged(), judged())
    project.perform(Step.TEST)
    assert project.due()[Step.CRASH] is Operation.REPAIR
    assert project.perform(Step.CRASH) == [Operation.REPAIR]
    assert f"You may change {C}." in project.request()
    assert "Where modules are found" in project.request()
    assert project.read(C) == wider


def test_a_test_file_that_does_not_parse_waits_for_its_author_and_asks_nobody():
    project = synced()
    project.write(T, "def test_add(:\n")
    forget_past(project)
    with pytest.raises(ConflictError, match="a test file does not parse") as caught:
        project.sync()
    assert f"{T}: line 1" in caught.value.message
    assert project.asked == []
    assert project.read(T) == "def test_add(:\n"
