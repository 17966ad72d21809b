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
    usual,
)
from memory_project import Project, forget_past, synced

from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.errors import BudgetError, ConflictError, ModelError, StepError


WRONG = CODE.replace("return a - b", "return a + b")
OTHER_WRONG = CODE.replace("return a - b", "return b - a")
RENAMED = CODE.replace("def sub", "def minus")
WIDER = CODE.replace("def sub(a, b):", "def sub(a, b, c=0):")


def _failing(
    *replies: str | Exception, code: str = WRONG, example: str = EXAMPLE
) -> Project:
    """Return a unit whose generated code fails its tests."""
    project = Project({P: PROMPT}, {**usual(), "example": [fenced(example)]})
    project.sync()
    project.edit(P, "their difference", "the difference of the two")
    project.reply("generate", fenced(code))
    project.reply("verify", judged(project.read(P)))
    for step in (Step.AUTO_DEPS, Step.GENERATE, Step.CRASH, Step.VERIFY, Step.TEST):
        project.perform(step)
    project.reply("fix", *replies)
    forget_past(project)
    return project


def test_code_is_fixed_and_proven_on_its_final_bytes():
    project = _failing(fenced(CODE))
    assert project.perform(Step.FIX) == [Operation.FIX]
    assert project.read(C) == CODE
    assert project.runner.runs == ["example", "tests measured"] * 2
    assert f"changed {C}" in project.notes
    assert project.perform(Step.CRASH) == project.perform(Step.TEST) == []


def test_one_attempt_is_enough_if_it_succeeds():
    project = _failing(fenced(CODE))
    project.set(max_attempts=1)
    project.perform(Step.FIX)
    assert project.read(C) == CODE


def test_a_request_carries_the_failure_and_the_test_that_failed_alone():
    project = _failing(fenced(CODE))
    project.perform(Step.FIX)
    asked = project.request()
    assert "tests/test_calculator.py::test_sub: AssertionError" in asked
    assert "def test_sub" in asked
    assert "def test_add" not in asked
    assert WRONG in asked


def test_a_second_attempt_sees_what_the_first_one_did():
    project = _failing(fenced(OTHER_WRONG), fenced(CODE))
    project.perform(Step.FIX)
    assert project.asked == ["fix", "fix"]
    assert OTHER_WRONG in project.request()
    assert project.read(C) == CODE


def test_repairs_that_repeat_themselves_end_it():
    project = _failing(fenced(OTHER_WRONG), fenced(WRONG), fenced(OTHER_WRONG))
    project.set(max_attempts=9)
    with pytest.raises(StepError, match="3 attempts failed: its repairs repeat"):
        project.perform(Step.FIX)
    assert project.read(C) == WRONG


def test_after_its_attempts_it_gives_up_and_is_not_paid_again():
    wrongs = [fenced(f"{WRONG}\n\nPRECISION = {n}\n") for n in range(4)]
    project = _failing(*wrongs)
    with pytest.raises(StepError, match=r"3 attempts failed: .*test_sub") as caught:
        project.perform(Step.FIX)
    assert "doit forget sync:calculator_python:fix" in caught.value.hint
    with pytest.raises(StepError, match="in this very state have failed"):
        project.perform(Step.FIX)
    assert len(project.asked) == 3
    assert project.read(C) == WRONG
    assert project.report.tests is not None
    assert project.report.tests.count("failed") == 1


def test_forgetting_it_draws_new_samples():
    project = _failing("no", "no", "no", fenced(CODE))
    with pytest.raises(StepError, match="no usable reply"):
        project.perform(Step.FIX)
    project.forget(Step.FIX)
    project.perform(Step.FIX)
    assert [r.sample for r in project.model.requests] == [0, 0, 0, 3]
    assert project.read(C) == CODE


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param((C, "return a + b", "return a + b  "), id="blanks in the code"),
        pytest.param((T, "== 3\n", "== 3\r\n"), id="line ends of the tests"),
    ],
)
def test_white_space_is_no_reason_to_try_again(edit):
    project = _failing("no", "no", "no")
    with pytest.raises(StepError):
        project.perform(Step.FIX)
    project.edit(*edit)
    project.perform(Step.TEST)
    assert project.due()[Step.FIX] is Operation.GAVE_UP


def test_a_fix_that_breaks_the_example_is_refused():
    broken = CODE.replace("return a + b", "return a + b + c")
    project = _failing(fenced(broken), fenced(CODE))
    project.perform(Step.FIX)
    assert "NameError" in project.request()
    assert project.read(C) == CODE


@pytest.mark.parametrize(
    "reply, because",
    [
        pytest.param(fenced(RENAMED), "drops public names: sub", id="a name lost"),
        pytest.param(fenced("x =\n"), "not python", id="unparsable"),
        pytest.param("It is right.", "prose", id="prose"),
    ],
)
def test_a_fix_that_cannot_be_used_is_objected_to(reply, because):
    project = _failing(reply, fenced(CODE))
    project.perform(Step.FIX)
    assert because in project.model.rejected[0]
    assert project.runner.runs == ["example", "tests measured"] * 2


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(ModelError("no answer"), id="no answer"),
        pytest.param(BudgetError("nothing is left"), id="no money"),
    ],
)
def test_where_no_model_can_be_asked_nothing_is_given_up(error):
    project = _failing(fenced(OTHER_WRONG), error)
    before = dict(project.disk)
    with pytest.raises(type(error)):
        project.perform(Step.FIX)
    assert project.disk == before
    assert project.due()[Step.FIX] is Operation.FIX


def test_tests_that_pass_by_themselves_need_no_fix():
    project = _failing()
    project.runner.disk = {**project.disk, project.unit.code[0]: CODE.encode()}
    project.set(max_attempts=1)
    project.perform(Step.FIX)
    assert project.asked == []
    assert project.read(C) == WRONG


def test_a_test_that_hangs_tells_where():
    hanging = CODE.replace("return a - b", "raise TimeoutError('a long wait')")
    example = "from calculator import add\n\nprint(add(1, 2))\n"
    project = _failing(fenced(CODE), code=hanging, example=example)
    project.perform(Step.FIX)
    assert "TimeoutError: a long wait" in project.request()


def test_after_a_fix_only_the_verdict_is_due_and_settled():
    project = _failing(fenced(CODE))
    project.perform(Step.FIX)
    project.reply("verify", judged(project.read(P)))
    assert project.settle() == [Operation.JUDGE]
    assert project.due() == {}


def test_a_fix_that_changes_the_interface_makes_the_example_due():
    project = _failing(fenced(WIDER))
    project.perform(Step.FIX)
    assert project.due()[Step.EXAMPLE] is Operation.WRITE_EXAMPLE


def test_an_example_due_before_a_fix_stays_due():
    project = _failing(fenced(CODE))
    project.forget(Step.EXAMPLE)
    project.perform(Step.FIX)
    assert project.due()[Step.EXAMPLE] is Operation.WRITE_EXAMPLE


def test_tests_edited_by_hand_are_walls():
    project = synced()
    project.edit(T, "sub(3, 1) == 2", "sub(3, 1) == -2")
    project.reply("fix", fenced(CODE.replace("a - b", "b - a")))
    project.reply("verify", judged())
    assert project.sync() == [
        Operation.RUN_TESTS,
        Operation.FIX,
        Operation.JUDGE,
    ]
    assert "== -2" in project.read(T)
    assert project.asked == ["fix", "verify"]


def test_a_units_tests_without_an_example_are_proof_enough():
    project = _failing(fenced(CODE))
    project.without("run")
    project.perform(Step.FIX)
    assert project.runner.runs == ["tests measured"] * 2


def test_adopted_code_that_fails_its_tests_stops_for_its_author():
    project = Project({P: PROMPT, C: WRONG, E: EXAMPLE, T: TESTS})
    with pytest.raises(ConflictError, match="the code is a person's"):
        project.sync()
    assert project.asked == []


def test_adopted_code_is_fixed_on_request_after_a_copy_and_is_then_ours():
    project = Project({P: PROMPT, C: WRONG, E: EXAMPLE, T: TESTS})
    project.set(fix=True)
    project.reply("fix", fenced(CODE))
    project.reply("verify", judged())
    project.sync()
    assert project.safety.copies[project.unit.code[0]] == WRONG.encode()
    assert project.trace.adopted.keys() == {E}
    project.edit(C, "A calculator", "My calculator")
    assert project.due()[Step.UPDATE] is Operation.ADOPT_EDIT


def test_an_edit_that_fails_is_fixed_on_request_and_then_described():
    project = synced()
    project.edit(C, "return a - b", "return b - a  # mine")
    project.set(fix=True)
    project.reply("fix", fenced(CODE.replace("a - b", "a + 0 - b")))
    project.reply("verify", judged())
    project.reply("update", f"```prompt\n{PROMPT}- Mine.\n```\n")
    with pytest.raises(ConflictError, match="would describe it"):
        project.sync()
    assert b"# mine" in project.safety.copies[project.unit.code[0]]
    assert "a + 0 - b" in project.read(C)
    assert project.read(P) == PROMPT


def test_an_edit_that_fails_is_kept_unless_its_repair_is_asked_for():
    project = synced()
    project.edit(C, "return a - b", "return b - a")
    with pytest.raises(ConflictError, match="your edit of the code fails") as caught:
        project.sync()
    assert "fix=1" in caught.value.hint
    assert "return b - a" in project.read(C)


def test_an_edit_that_breaks_the_example_is_repaired_on_request():
    project = synced()
    project.edit(C, "return a - b", "raise ValueError(a, b)")
    project.set(fix=True)
    mended = CODE.replace("a - b", "a + 0 - b")
    project.reply("crash", f"File: {C}\n\n{fenced(mended)}")
    project.reply("verify", judged())
    project.reply("update", f"```prompt\n{PROMPT}- Mine.\n```\n")
    with pytest.raises(ConflictError, match="would describe it"):
        project.sync()
    assert b"raise ValueError" in project.safety.copies[project.unit.code[0]]
    assert project.read(C) == mended
