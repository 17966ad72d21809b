import pytest
from calculator_texts import CODE, EXAMPLE, PROMPT, TESTS, C, E, P, T, fenced, usual
from memory_project import Project, forget_past, synced

from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.model.text_style import styled
from pdd_tasks.errors import ConflictError, ModelError, StepError


MUL = CODE + "\n\ndef mul(a, b):\n    return a * b\n"
FLOOR = CODE.replace("return a - b", "return int(a - b)")
ELIDED = CODE.replace("    return a - b\n", "    # ... rest unchanged ...\n    ...\n")
LEAKED = f"{CODE}\nKEY = '[redacted:API_KEY#01af]'\n"
UNUSABLE = [
    pytest.param("I would rather not.", "prose", id="prose"),
    pytest.param("", "empty", id="empty"),
    pytest.param(fenced("\n"), "file is empty", id="an empty file"),
    pytest.param(fenced("def add(:\n"), "not python: line 1", id="unparsable"),
    pytest.param(fenced(ELIDED), "leaves code out", id="elided"),
    pytest.param("```python\ndef add(", "cut off", id="cut off"),
    pytest.param(fenced(LEAKED), "holds the value of API_KEY", id="a secret"),
    pytest.param(fenced(CODE) * 2, "holds 2 files", id="two files"),
]


def _changed_prompt() -> Project:
    project = synced()
    project.edit(P, "their difference", "their whole difference")
    return project


def test_a_new_prompt_gets_its_code():
    project = Project({P: PROMPT}, usual())
    assert project.perform(Step.GENERATE) == [Operation.GENERATE]
    assert project.read(C) == CODE
    assert project.due().keys() >= {Step.EXAMPLE, Step.TEST}


def test_a_request_carries_the_prompt_the_code_and_the_tests():
    project = _changed_prompt()
    project.reply("generate", fenced(FLOOR))
    project.perform(Step.GENERATE)
    asked = project.request()
    assert "their whole difference" in asked
    assert CODE in asked
    assert "def test_sub" in asked


@pytest.mark.parametrize("reply, because", UNUSABLE)
def test_a_reply_that_cannot_be_used_is_objected_to(reply, because):
    project = Project({P: PROMPT}, {"generate": [reply, fenced(CODE)]})
    project.perform(Step.GENERATE)
    assert project.read(C) == CODE
    assert because in project.model.rejected[0]
    objection = project.model.requests[1].messages[-1]
    assert objection.role == "user"
    assert project.model.rejected[0] in objection.content


@pytest.mark.parametrize("reply, because", UNUSABLE)
def test_after_its_attempts_it_gives_up_and_changes_nothing(reply, because):
    project = _changed_prompt()
    project.reply("generate", reply, reply, reply)
    with pytest.raises(StepError, match=because) as caught:
        project.perform(Step.GENERATE)
    assert "doit forget sync:calculator_python:generate" in caught.value.hint
    assert project.read(C) == CODE
    assert project.due()[Step.GENERATE] is Operation.GAVE_UP
    assert project.trace.steps.keys() >= {Step.GENERATE, Step.TEST}


def test_a_mark_that_the_prompt_has_itself_is_no_secret():
    prompt = f"{PROMPT}\nMarks read [redacted:API_KEY#01af].\n"
    project = Project({P: prompt}, usual() | {"generate": [fenced(LEAKED)]})
    project.perform(Step.GENERATE)
    assert project.read(C) == LEAKED


def test_what_it_gave_up_on_is_said_and_not_asked_again():
    project = _changed_prompt()
    project.reply("generate", "no", "no", "no", fenced(FLOOR))
    for _ in range(2):
        with pytest.raises(StepError, match="attempts"):
            project.perform(Step.GENERATE)
    assert len(project.model.requests) == 3


def test_forgetting_it_draws_a_new_sample():
    project = _changed_prompt()
    project.reply("generate", "no", "no", "no", fenced(FLOOR))
    with pytest.raises(StepError):
        project.perform(Step.GENERATE)
    project.forget(Step.GENERATE)
    project.perform(Step.GENERATE)
    assert [request.sample for request in project.model.requests] == [0, 0, 0, 3]
    assert project.read(C) == FLOOR


def test_a_record_names_the_replies_that_it_was_made_from():
    project = Project({P: PROMPT}, {"generate": ["no", fenced(CODE)]})
    project.perform(Step.GENERATE)
    keys = [request.key for request in project.model.requests]
    assert len(keys) == 2
    assert project.trace.steps[Step.GENERATE].replies == tuple(keys)


def test_work_that_asks_nobody_leaves_what_its_step_was_made_from():
    project = synced()
    before = project.trace.steps[Step.TEST].replies
    project.edit(T, "def test_add", "# by hand\ndef test_add")
    assert Operation.KEEP_TESTS in project.sync()
    assert project.trace.steps[Step.TEST].replies == before != ()


def test_what_was_given_up_names_its_replies_and_a_later_success_those_too():
    project = _changed_prompt()
    project.reply("generate", "no", "no", "no", fenced(FLOOR))
    before = project.trace.steps[Step.GENERATE].replies
    with pytest.raises(StepError):
        project.perform(Step.GENERATE)
    keys = [request.key for request in project.model.requests]
    assert project.trace.gave_up[Step.GENERATE].replies == tuple(keys)
    assert project.trace.steps[Step.GENERATE].replies == before
    project.forget(Step.GENERATE)
    project.perform(Step.GENERATE)
    keys = [request.key for request in project.model.requests]
    assert len(keys) == 4
    assert project.trace.steps[Step.GENERATE].replies == tuple(keys)


def test_what_was_given_up_on_for_another_prompt_is_not_named():
    project = _changed_prompt()
    project.reply("generate", "no", "no", "no", fenced(FLOOR))
    with pytest.raises(StepError):
        project.perform(Step.GENERATE)
    project.edit(P, "whole difference", "integer difference")
    project.perform(Step.GENERATE)
    last = project.model.requests[-1].key
    assert project.trace.steps[Step.GENERATE].replies == (last,)


def test_another_prompt_is_tried_without_being_forgotten():
    project = _changed_prompt()
    project.reply("generate", "no", "no", "no", fenced(FLOOR))
    with pytest.raises(StepError):
        project.perform(Step.GENERATE)
    project.edit(P, "whole difference", "integer difference")
    project.perform(Step.GENERATE)
    assert project.read(C) == FLOOR


def test_layout_of_the_prompt_is_no_reason_to_try_again():
    project = _changed_prompt()
    project.reply("generate", "no", "no", "no")
    with pytest.raises(StepError):
        project.perform(Step.GENERATE)
    project.edit(P, "difference.\n", "difference.   \r\n\n")
    assert project.due()[Step.GENERATE] is Operation.GAVE_UP


def test_a_model_that_cannot_be_asked_is_not_given_up_on():
    project = _changed_prompt()
    project.reply("generate", ModelError("no answer"), fenced(FLOOR))
    before = dict(project.disk)
    with pytest.raises(ModelError, match="no answer"):
        project.perform(Step.GENERATE)
    assert project.disk == before
    project.perform(Step.GENERATE)
    assert project.read(C) == FLOOR


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(CODE.replace("def sub", "def minus"), id="renamed"),
        pytest.param(CODE.partition("\n\n\ndef sub")[0] + "\n", id="dropped"),
    ],
)
def test_names_that_others_use_are_not_lost(text):
    project = _changed_prompt()
    project.reply("generate", fenced(text), fenced(FLOOR))
    project.perform(Step.GENERATE)
    assert project.model.rejected == [
        "the reply drops public names that others use: sub"
    ]


def test_names_that_nobody_uses_may_go():
    project = Project(
        {P: PROMPT, E: "import calculator\n", T: "def test_it(): pass\n"},
        {"generate": [fenced(MUL), fenced(CODE)]},
    )
    project.perform(Step.GENERATE)
    project.edit(P, "their", "the")
    project.perform(Step.GENERATE)
    assert project.read(C) == CODE


def test_code_tests_and_example_that_do_not_parse_keep_no_names():
    project = Project(
        {P: PROMPT, E: "import (\n", T: "def (\n"}, {"generate": [fenced(MUL)]}
    )
    project.perform(Step.GENERATE)
    project.forget(Step.GENERATE)
    project.reply("generate", fenced(CODE))
    project.perform(Step.GENERATE)
    assert project.read(C) == CODE


def test_the_example_still_fits_where_the_interface_is_the_same():
    project = _changed_prompt()
    project.reply("generate", fenced(FLOOR))
    project.perform(Step.GENERATE)
    assert Step.EXAMPLE not in project.due()


def test_the_example_is_due_where_the_interface_is_another():
    project = _changed_prompt()
    project.reply("generate", fenced(MUL))
    project.perform(Step.GENERATE)
    assert project.due()[Step.EXAMPLE] is Operation.WRITE_EXAMPLE


def test_deleted_code_is_generated_again_and_nothing_else():
    project = synced()
    project.delete(C)
    project.reply("generate", fenced(CODE))
    assert project.perform(Step.GENERATE) == [Operation.GENERATE]
    assert project.due() == {}


def test_code_a_person_deleted_after_a_change_of_comments_is_generated_again():
    project = synced()
    project.edit(C, "A calculator", "My calculator")
    project.perform(Step.UPDATE)
    project.delete(C)
    project.model.recorded.clear()
    project.reply("generate", fenced(CODE))
    project.perform(Step.GENERATE)
    assert project.trace.adopted == {}
    assert project.due() == {Step.VERIFY: Operation.JUDGE}  # of the comment


def test_adopted_code_is_replaced_by_force_after_a_copy():
    project = Project({P: PROMPT, C: FLOOR, E: EXAMPLE, T: TESTS})
    project.perform(Step.AUTO_DEPS)
    project.edit(P, "their", "the")
    with pytest.raises(ConflictError) as caught:
        project.perform(Step.GENERATE)
    assert "force=1" in caught.value.hint
    assert project.read(C) == FLOOR
    project.set(force=True)
    project.reply("generate", fenced(CODE))
    project.perform(Step.GENERATE)
    assert project.read(C) == CODE
    assert [data.decode() for data in project.safety.copies.values()] == [FLOOR]
    assert (
        "a copy of the code is in .pdd/safety/calculator_python:"
        " `doit undo calculator_python` gets it back" in project.notes
    )


def test_adopted_code_is_not_copied_again_where_generating_fails():
    project = Project({P: PROMPT, C: FLOOR})
    project.perform(Step.AUTO_DEPS)
    project.edit(P, "their", "the")
    project.set(force=True)
    project.reply("generate", ModelError("no answer"))
    with pytest.raises(ModelError):
        project.perform(Step.GENERATE)
    assert project.read(C) == FLOOR


def test_windows_line_ends_of_the_prompt_buy_nothing():
    project = synced()
    project.write(P, styled(project.read(P), b"\xef\xbb\xbfa\r\nb\r\n").decode())
    forget_past(project)
    assert project.sync() == []


def test_a_reply_may_be_a_patch_of_the_code_that_was_shown():
    project = synced()
    project.edit(P, "their difference", "the difference of the two")
    after = "=======\n    return -(b - a)\n>>>>>>> REPLACE\n"
    patch = f"<<<<<<< SEARCH\n    return a - b\n{after}"
    project.reply("generate", patch)
    project.perform(Step.GENERATE)
    assert project.read(C) == CODE.replace("a - b", "-(b - a)")


def test_a_patch_that_does_not_fit_is_objected_to():
    project = synced()
    project.edit(P, "their difference", "the difference of the two")
    patch = "<<<<<<< SEARCH\n    return 1\n=======\n    return 2\n>>>>>>> REPLACE\n"
    project.reply("generate", patch, fenced(CODE))
    project.perform(Step.GENERATE)
    assert project.asked == ["generate", "generate"]
    assert "cannot be used" in project.request()
