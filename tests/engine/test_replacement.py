import pytest
from calculator_texts import CODE, PROMPT, C, P, fenced, usual
from fakes import trace_path
from memory_project import Project, synced, unit

from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.engine.replacement import is_extended
from pdd_tasks.engine.undo import restore
from pdd_tasks.errors import ConflictError


@pytest.mark.parametrize(
    "before, after, expected",
    [
        pytest.param(b"", b"a\n", True, id="nothing before"),
        pytest.param(b"a\nb\n", b"a\nx\nb\n", True, id="a line added"),
        pytest.param(b"a\r\n", b"a\n", True, id="other line ends"),
        pytest.param(b"a\nb\n", b"b\na\n", False, id="moved"),
        pytest.param(b"a\na\n", b"a\n", False, id="one of two gone"),
        pytest.param(b"a\n", b"", False, id="all gone"),
        pytest.param(b"a\n", b"ab\n", False, id="a line changed"),
    ],
)
def test_a_text_that_is_extended_loses_no_line(before, after, expected):
    assert is_extended(before, after) is expected


def test_a_prompt_that_follows_an_edit_is_kept_with_the_edit():
    project = synced(accept_updates=True)
    project.edit(C, "return a + b", "return b + a")
    edited, said = project.read(C), project.read(P)
    updated = PROMPT.replace("the sum of two numbers", "the two numbers added")
    project.reply("update", fenced(updated, "prompt"))

    project.perform(Step.UPDATE)

    assert project.read(P) != said
    kept = {str(path): data.decode() for path, data in project.safety.copies.items()}
    assert kept[C] == edited
    assert kept[P] == said
    assert kept.keys() == {C, P, str(trace_path(project.unit.id))}
    assert any("a copy of the code and the prompt is in" in n for n in project.notes)


def test_an_accepted_update_that_is_undone_is_proposed_again():
    project = synced()
    project.edit(C, "return a + b", "return b + a")
    edited, said = project.read(C), project.read(P)
    updated = PROMPT.replace("the sum of two numbers", "the two numbers added")
    project.reply("update", fenced(updated, "prompt"))
    with pytest.raises(ConflictError):
        project.perform(Step.UPDATE)
    before = project.due()
    project.set(accept_updates=True)
    project.perform(Step.UPDATE)
    project.set(accept_updates=False)

    restore(project.world(), project.safety.listed()[0])

    assert (project.read(C), project.read(P)) == (edited, said)
    assert project.due() == before
    assert before[Step.UPDATE] is Operation.PROPOSE_UPDATE


def test_a_block_is_kept_when_it_goes_and_not_when_it_comes():
    used = f"{PROMPT}\nIt uses `money`.\n"
    project = Project({P: used}, usual(), others=(unit("money"),))
    project.perform(Step.AUTO_DEPS)
    assert project.safety.copies == {}
    project.edit(P, "\nIt uses `money`.\n", "")
    before = project.read(P)
    project.perform(Step.AUTO_DEPS)
    assert [data.decode() for data in project.safety.copies.values()] == [before]
    assert project.read(P) == PROMPT


def test_a_block_that_goes_when_a_unit_is_adopted_on_request_is_kept():
    used = f"{PROMPT}\nIt uses `money`.\n"
    project = Project({P: used, C: CODE}, usual(), others=(unit("money"),))
    project.perform(Step.AUTO_DEPS)
    project.edit(P, "\nIt uses `money`.\n", "")
    before = project.read(P)
    project.adopt()
    assert project.read(P) == PROMPT
    assert project.safety.copies[project.unit.prompt].decode() == before
    assert [line for line in project.said if "a copy of the prompt is in" in line]
