from pathlib import PurePosixPath

import pytest
from calculator_texts import CODE, EXAMPLE, PROMPT, C, E, P, T, fenced, judged
from memory_project import Project, forget_past, synced

from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.engine.resolution import open_conflict
from pdd_tasks.errors import ConflictError, DisplacedError


PARKED = PurePosixPath(".pdd/parked")
LATER = PROMPT.replace("their difference", "the difference of the two")
THEIRS = CODE.replace("return a - b", "return -(b - a)")
SAVED = CODE.replace("return a + b", "return b + a")


def _due(reply: str = THEIRS) -> Project:
    """Return a unit whose prompt changed, so that its code is due."""
    project = synced()
    project.write(P, LATER)
    project.perform(Step.AUTO_DEPS)
    project.reply("generate", fenced(reply))
    project.reply("verify", judged(LATER))
    forget_past(project)
    return project


def _parked(project: Project) -> list[PurePosixPath]:
    return [path for path in project.disk if path.is_relative_to(PARKED)]


def test_a_save_before_publication_is_merged_by_the_step_itself():
    project = _due()
    project.publisher.meanwhile = {PurePosixPath(C): SAVED.encode()}
    done = project.perform(Step.GENERATE)
    assert done == [Operation.GENERATE, Operation.MERGE]
    assert project.asked == ["generate"], "the same request was paid for twice"
    assert "return b + a" in project.read(C)
    assert "return -(b - a)" in project.read(C)


def test_a_save_in_the_moment_of_publication_is_merged():
    project = _due()
    project.publisher.exchanged = {PurePosixPath(C): SAVED.encode()}
    assert project.perform(Step.GENERATE) == [Operation.GENERATE]
    assert "return b + a" in project.read(C)
    assert "return -(b - a)" in project.read(C)
    assert project.safety.copies[PurePosixPath(C)] == SAVED.encode()
    assert _parked(project) == []
    said = f"{C} was saved meanwhile: your save and the result were merged"
    assert project.notes[-1] == said


def test_what_was_merged_so_is_an_edit_that_the_prompt_may_follow():
    project = _due()
    project.publisher.exchanged = {PurePosixPath(C): SAVED.encode()}
    project.perform(Step.GENERATE)
    project.reply("update", fenced(LATER + "\nSums commute.\n", "prompt"))
    with pytest.raises(ConflictError, match="would describe it"):
        project.sync()


def test_a_save_of_the_same_line_stands_and_waits_for_a_person():
    project = _due(CODE.replace("return a + b", "return sum((a, b))"))
    project.publisher.exchanged = {PurePosixPath(C): SAVED.encode()}
    with pytest.raises(ConflictError, match="your save stands") as caught:
        project.perform(Step.GENERATE)
    assert "doit merge calculator_python" in caught.value.hint
    assert project.read(C) == SAVED
    assert _parked(project) == []
    found = open_conflict(project.world(), project.unit)
    assert found is not None
    assert (found.sides.base, found.sides.mine) == (CODE, SAVED)
    assert "sum((a, b))" in found.sides.generated
    with pytest.raises(ConflictError, match="do not merge"):
        project.sync()
    assert project.asked == ["generate"]


def test_a_file_that_appeared_in_the_moment_of_publication_waits_for_a_person():
    project = Project({P: PROMPT}, {"generate": [fenced(CODE)]})
    project.publisher.exchanged = {PurePosixPath(C): b"mine = 1\n"}
    with pytest.raises(ConflictError, match="your save stands"):
        project.perform(Step.GENERATE)
    assert project.read(C) == "mine = 1\n"
    found = open_conflict(project.world(), project.unit)
    assert found is not None
    assert (found.sides.base, found.sides.generated) == (None, CODE)


def test_a_prompt_saved_while_its_block_is_written_is_merged():
    project = synced(accept_updates=True)
    project.edit(C, "return a + b", "return b + a")
    project.reply("update", fenced(PROMPT + "\nSums commute.\n", "prompt"))
    mine = "Write a good calculator." + PROMPT.partition(".")[2]
    project.publisher.exchanged = {PurePosixPath(P): mine.encode()}
    project.perform(Step.UPDATE)
    assert project.read(P) == mine + "\nSums commute.\n"


def test_an_example_saved_elsewhere_is_merged():
    project = synced()
    project.forget(Step.EXAMPLE)
    project.reply("example", fenced(EXAMPLE.replace("sub(3, 1)", "sub(4, 1)")))
    mine = EXAMPLE.replace("add(1, 2)", "add(2, 2)")
    project.publisher.exchanged = {PurePosixPath(E): mine.encode()}
    project.perform(Step.EXAMPLE)
    assert project.read(E) == mine.replace("sub(3, 1)", "sub(4, 1)")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(EXAMPLE.replace("add(1, 2)", "add(9, 2)"), id="the same line"),
        pytest.param("\udcff", id="no text"),
    ],
)
def test_where_nothing_can_be_merged_the_save_stands_and_ours_is_parked(data):
    project = synced()
    project.forget(Step.EXAMPLE)
    ours = EXAMPLE.replace("add(1, 2)", "add(3, 2)")
    project.reply("example", fenced(ours))
    mine = data.encode("utf-8", "surrogateescape")
    project.publisher.exchanged = {PurePosixPath(E): mine}
    with pytest.raises(DisplacedError, match="was saved while it was published"):
        project.perform(Step.EXAMPLE)
    assert project.disk[PurePosixPath(E)] == mine
    assert project.disk[PARKED / E] == ours.encode()


def test_tests_saved_in_the_moment_of_publication_lose_nothing():
    project = synced(target_coverage=100)
    mine = project.read(T) + "\n\ndef test_mine():\n    assert add(2, 2) == 4\n"
    project.forget(Step.TEST)
    more = "from calculator import add\n\n\ndef test_more():\n    assert add(0, 1)\n"
    project.reply("test", fenced(more))
    project.publisher.exchanged = {PurePosixPath(T): mine.encode()}
    try:
        project.perform(Step.TEST)
    except DisplacedError:
        assert project.read(T) == mine
    else:
        assert "def test_more" in project.read(T)
    assert "def test_mine" in project.read(T)
