import pytest
from calculator_texts import CODE, EXAMPLE, PROMPT, C, E, P, fenced, judged, usual
from memory_project import Project, synced

from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.errors import ConflictError, StepError


MUL = CODE + "\n\ndef mul(a, b):\n    return a * b\n"
SHOWN = EXAMPLE + "print(sub(1, 1))\n"


def test_a_deleted_example_is_all_that_is_made_anew():
    project = synced()
    project.delete(E)
    assert project.sync() == [Operation.WRITE_EXAMPLE]
    assert project.asked == []  # the same request has its reply on record
    assert project.read(E) == EXAMPLE


def test_another_example_is_run_and_judged_but_buys_no_tests():
    project = synced()
    project.delete(E)
    project.model.recorded.clear()
    project.reply("example", fenced(SHOWN))
    project.reply("verify", judged())
    assert project.sync() == [
        Operation.WRITE_EXAMPLE,
        Operation.RUN_EXAMPLE,
        Operation.JUDGE,
    ]


def test_a_request_carries_the_code_and_the_example_so_far():
    project = synced()
    project.forget(Step.EXAMPLE)
    project.reply("example", fenced(SHOWN))
    project.perform(Step.EXAMPLE)
    assert CODE in project.request()
    assert EXAMPLE in project.request()
    assert "examples/calculator_example.py" in project.request()


@pytest.mark.parametrize(
    "reply, because",
    [
        pytest.param("Sorry.", "prose", id="prose"),
        pytest.param(fenced("print(\n"), "not python", id="unparsable"),
    ],
)
def test_a_reply_that_cannot_be_used_is_given_up_on_and_not_paid_again(reply, because):
    project = Project({P: PROMPT}, {**usual(), "example": [reply] * 4})
    project.perform(Step.GENERATE)
    for _ in range(2):
        with pytest.raises(StepError, match=because):
            project.perform(Step.EXAMPLE)
    assert project.asked.count("example") == 3
    assert project.due()[Step.EXAMPLE] is Operation.GAVE_UP


def test_an_example_by_hand_ends_giving_up():
    project = Project({P: PROMPT}, {**usual(), "example": ["no"] * 3})
    project.perform(Step.GENERATE)
    with pytest.raises(StepError):
        project.perform(Step.EXAMPLE)
    project.write(E, EXAMPLE)
    assert project.perform(Step.EXAMPLE) == [Operation.KEEP_EXAMPLE]
    assert Step.EXAMPLE not in project.due()


def test_an_example_edited_by_hand_is_kept_where_the_interface_changes():
    project = synced()
    project.edit(E, "print(add(1, 2))", "print(add(40, 2))")
    project.perform(Step.EXAMPLE)
    project.edit(P, "their", "the")
    project.reply("generate", fenced(MUL))
    project.perform(Step.GENERATE)
    assert project.perform(Step.EXAMPLE) == [Operation.KEEP_EXAMPLE]
    assert "add(40, 2)" in project.read(E)
    assert "example" not in project.asked


def test_an_adopted_example_is_written_anew_only_by_force_and_after_a_copy():
    project = synced()
    project.edit(E, "print(add(1, 2))", "print(add(40, 2))")
    project.perform(Step.EXAMPLE)
    project.forget(Step.EXAMPLE)
    with pytest.raises(ConflictError, match="the example is a person's"):
        project.perform(Step.EXAMPLE)
    project.set(force=True)
    project.reply("example", fenced(SHOWN))
    project.perform(Step.EXAMPLE)
    assert project.read(E) == SHOWN
    assert [b"add(40, 2)" in data for data in project.safety.copies.values()] == [True]
    assert project.trace.adopted == {}


def test_the_example_is_given_the_code_that_stands():
    project = Project({P: PROMPT, C: MUL}, {"example": [fenced(EXAMPLE)]})
    project.perform(Step.AUTO_DEPS)
    project.perform(Step.EXAMPLE)
    assert "def mul" in project.request()
