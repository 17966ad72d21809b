import pytest
from calculator_texts import (
    CODE,
    PROMPT,
    C,
    E,
    P,
    T,
    fenced,
    judged,
    usual,
)
from memory_project import Project, synced, unit

from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.model.text_style import styled
from pdd_tasks.core.plan.change import State
from pdd_tasks.engine.observe import observe
from pdd_tasks.errors import ConflictError, StepError


EDIT = ("return a + b", "return b + a")
UPDATED = PROMPT.replace("the sum of two numbers", "the second number and the first")
WRONG = ("return a + b", "return a - b")


def _edited(*replies: str) -> Project:
    project = synced()
    project.edit(C, *EDIT)
    project.reply("update", *replies)
    return project


def test_the_edit_is_run_before_a_model_is_asked():
    project = _edited(fenced(UPDATED, "prompt"))
    with pytest.raises(ConflictError):
        project.perform(Step.UPDATE)
    assert project.runner.runs == ["example", "tests measured"]
    assert project.asked == ["update"]


def test_a_change_of_the_prompt_is_shown_and_nothing_is_changed():
    project = _edited(fenced(UPDATED, "prompt"))
    with pytest.raises(ConflictError) as caught:
        project.perform(Step.UPDATE)
    assert "+- `add` returns the second number and the first." in caught.value.message
    assert "accept_updates=1" in caught.value.hint
    assert project.read(P) == PROMPT
    assert EDIT[1] in project.read(C)


def test_a_change_is_proposed_once():
    project = _edited(fenced(UPDATED, "prompt"))
    for _ in range(3):
        with pytest.raises(ConflictError):
            project.sync()
    assert project.asked == ["update"]
    assert len(project.runner.runs) == 2


def test_a_request_carries_the_edit_and_the_prompt():
    project = _edited(fenced(UPDATED, "prompt"))
    with pytest.raises(ConflictError):
        project.perform(Step.UPDATE)
    assert "-    return a + b\n+    return b + a" in project.request()
    assert PROMPT in project.request()


def test_without_a_baseline_the_code_alone_must_do():
    project = _edited(fenced(UPDATED, "prompt"))
    project.baselines.kept.clear()
    with pytest.raises(ConflictError):
        project.perform(Step.UPDATE)
    assert "The edit" not in project.request()
    assert "return b + a" in project.request()


def test_an_accepted_change_is_published_and_the_edit_becomes_ours():
    project = _edited(fenced(UPDATED, "prompt"))
    with pytest.raises(ConflictError):
        project.sync()
    project.set(accept_updates=True)
    project.reply("verify", judged(UPDATED))
    assert project.sync() == [Operation.APPLY_UPDATE, Operation.JUDGE]
    assert project.read(P) == UPDATED
    assert EDIT[1] in project.read(C)
    assert project.asked == ["update", "verify"]
    code = observe(project.world(), project.unit).facts.code
    assert code is State.RECORDED
    assert project.sync() == []


def test_an_accepted_edit_that_was_adopted_before_becomes_ours():
    project = synced()
    project.edit(C, "A calculator", "My calculator")
    project.sync()
    project.edit(C, *EDIT)
    project.set(accept_updates=True)
    project.reply("update", fenced(UPDATED, "prompt"))
    project.reply("verify", judged(UPDATED))
    project.sync()
    assert project.trace.adopted == {}


def test_an_accepted_edit_of_the_interface_makes_the_example_due():
    project = synced()
    project.write(C, CODE + "\n\ndef mul(a, b):\n    return a * b\n")
    project.set(accept_updates=True, target_coverage=50)
    project.reply("update", fenced(UPDATED, "prompt"))
    project.perform(Step.UPDATE)
    assert project.due()[Step.EXAMPLE] is Operation.WRITE_EXAMPLE
    assert Step.TEST not in project.due()


def test_an_edit_before_there_are_tests_makes_tests_due():
    project = Project({P: PROMPT}, usual())
    for step in (Step.AUTO_DEPS, Step.GENERATE):
        project.perform(step)
    project.edit(C, *EDIT)
    project.set(accept_updates=True)
    project.reply("update", fenced(UPDATED, "prompt"))
    project.perform(Step.UPDATE)
    assert project.runner.runs == []
    assert project.due()[Step.TEST] is Operation.ADD_TESTS


def test_a_prompt_keeps_its_line_ends_and_its_mark():
    project = synced()
    like = b"\xef\xbb\xbfa\r\nb\r\n"
    project.disk[project.unit.prompt] = styled(PROMPT, like)
    project.sync()
    project.edit(C, *EDIT)
    project.set(accept_updates=True)
    project.reply("update", fenced(UPDATED, "prompt"))
    project.perform(Step.UPDATE)
    assert project.disk[project.unit.prompt] == styled(UPDATED, like)


def test_the_block_of_a_prompt_is_put_back():
    other = unit("money")
    prompt = PROMPT + "\nIt uses `money`.\n"
    files = {P: prompt, "examples/money_example.py": "print(1)\n"}
    project = Project(files, usual(), others=(other,))
    project.reply("verify", judged(prompt))
    project.sync()
    project.edit(C, *EDIT)
    project.set(accept_updates=True)
    project.reply("update", fenced(prompt.replace("the sum", "a sum"), "prompt"))
    project.perform(Step.UPDATE)
    assert "<include>examples/money_example.py</include>" in project.read(P)
    assert "a sum" in project.read(P)
    assert "auto-deps" not in project.request()
    assert project.perform(Step.AUTO_DEPS) == []


@pytest.mark.parametrize(
    "reply, because",
    [
        pytest.param("Change it.", "prose", id="prose"),
        pytest.param(fenced(PROMPT, "prompt"), "does not change", id="the same"),
        pytest.param(
            fenced(UPDATED + "\n<include>a.md</include>\n", "prompt"),
            "changes the directives",
            id="an include more",
        ),
    ],
)
def test_a_proposal_that_cannot_be_used_is_objected_to(reply, because):
    project = _edited(reply, fenced(UPDATED, "prompt"))
    with pytest.raises(ConflictError):
        project.perform(Step.UPDATE)
    assert because in project.model.rejected[0]


def test_without_a_usable_proposal_it_gives_up_and_is_not_paid_again():
    project = _edited("no", "no", "no", fenced(UPDATED, "prompt"))
    for _ in range(2):
        with pytest.raises(StepError, match="prose"):
            project.perform(Step.UPDATE)
    assert len(project.asked) == 3
    project.forget(Step.UPDATE)
    with pytest.raises(ConflictError):
        project.perform(Step.UPDATE)
    assert project.model.requests[-1].sample == 3


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param((C, *WRONG), id="the tests fail"),
        pytest.param((C, "return a + b", "return c"), id="the example fails"),
        pytest.param((C, "def add", "def plus"), id="neither can run"),
    ],
)
def test_an_edit_that_fails_stops_for_its_author_and_is_kept(edit):
    project = synced()
    project.edit(*edit)
    with pytest.raises(ConflictError, match="your edit of the code fails") as caught:
        project.sync()
    assert "mend the code" in caught.value.hint
    assert edit[2] in project.read(C)
    assert project.asked == []


def test_an_edit_that_is_taken_back_is_as_if_it_never_was():
    project = synced()
    project.edit(C, *EDIT)
    project.edit(C, *reversed(EDIT))
    assert project.sync() == []


def test_prompt_and_code_both_changed_stop_where_nobody_has_the_code_in_between():
    project = _edited()
    project.edit(P, "their difference", "the difference of the two")
    project.set(accept_updates=True, force=True)
    project.baselines.kept.clear()
    with pytest.raises(ConflictError, match="prompt and code both changed") as caught:
        project.sync()
    assert P in caught.value.message
    assert "doit reset-dep sync:calculator_python" in caught.value.hint
    assert project.asked == []
    assert EDIT[1] in project.read(C)


def test_an_edit_of_code_example_and_tests_at_once_is_proposed():
    project = _edited(fenced(UPDATED, "prompt"))
    project.edit(E, "add(1, 2)", "add(4, 2)")
    project.edit(T, "add(1, 2) == 3", "add(2, 2) == 4")
    with pytest.raises(ConflictError, match="would describe it"):
        project.sync()
    project.set(accept_updates=True)
    project.reply("verify", judged(UPDATED))
    project.sync()
    assert project.asked == ["update", "verify"]
    assert "add(4, 2)" in project.read(E)
    assert "add(2, 2)" in project.read(T)
    assert project.sync() == []
