from pathlib import PurePosixPath

import pytest
from calculator_texts import CODE, PROMPT, TESTS, C, P, fenced, judged
from memory_project import Project, synced

from pdd_tasks.core.merge.result import Conflicted
from pdd_tasks.core.model.artifact import Digest
from pdd_tasks.core.model.ending import Status
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.engine.outcome import Outcome
from pdd_tasks.engine.resolution import OpenConflict, open_conflict, prepare, resolve
from pdd_tasks.errors import ConfigError, ConflictError


MINE = ("return a + b", "return b + a")
GENERATED = CODE.replace("return a + b", "return sum((a, b))")
CHOSEN = CODE.replace("return a + b", "return sum((b, a))")
WIDER = ("their difference.\n", "their difference.\n- `neg` negates.\n")


def _outcome(project: Project) -> Outcome:
    return Outcome(unit=project.unit, step=Step.GENERATE)


def _conflicted() -> Project:
    project = synced()
    project.edit(C, *MINE)
    project.edit(P, *WIDER)
    project.reply("generate", fenced(GENERATED))
    with pytest.raises(ConflictError):
        project.sync()
    project.model.requests.clear()
    project.reply("verify", judged(project.read(P)))
    return project


def _open(project: Project) -> OpenConflict:
    found = open_conflict(project.world(), project.unit)
    assert found is not None
    return found


def _choose(project: Project, text: str) -> Outcome:
    outcome = _outcome(project)
    resolve(project.world(), _open(project), text, outcome)
    return outcome


def test_a_unit_in_sync_waits_with_no_conflict():
    project = synced()
    assert open_conflict(project.world(), project.unit) is None
    assert prepare(project.world(), project.unit, _outcome(project)) is None


def test_a_conflict_shows_all_there_is_to_decide_it():
    project = _conflicted()
    found = _open(project)
    assert found.sides.path == PurePosixPath(C)
    assert found.sides.base == CODE
    assert found.sides.mine == CODE.replace(*MINE)
    assert found.sides.generated == GENERATED
    assert isinstance(found.result, Conflicted)
    assert found.prompt == PROMPT.replace(*WIDER)
    assert found.prompt_before == PROMPT
    assert "def test_add" in found.tests
    assert found.because


def test_looking_at_a_conflict_writes_nothing_and_takes_no_lock():
    project = _conflicted()
    before, taken = dict(project.disk), project.locks.taken
    _open(project)
    assert (project.disk, project.locks.taken) == (before, taken)


def test_a_prompt_before_that_nobody_has_is_left_out():
    project = _conflicted()
    del project.baselines.kept[Digest.of(PROMPT.encode()).raw]
    assert _open(project).prompt_before is None


@pytest.mark.parametrize(
    "chosen, asked",
    [
        pytest.param(CODE.replace(*MINE), ["verify"], id="mine"),
        pytest.param(GENERATED, ["verify", "test"], id="generated"),
        pytest.param(CHOSEN, ["verify"], id="both"),
    ],
)
def test_after_a_choice_syncs_go_on_normally(chosen, asked):
    project = _conflicted()
    project.reply("test", fenced(TESTS))
    outcome = _choose(project, chosen)
    assert outcome.operations == [Operation.MERGE]
    assert project.read(C) == chosen
    assert project.trace.conflicts == {}
    project.sync()
    assert project.asked == asked
    assert project.sync() == []
    assert open_conflict(project.world(), project.unit) is None


def test_a_choice_is_published_at_once_after_a_copy_of_what_it_replaces():
    project = _conflicted()
    before = project.read(C)
    outcome = _choose(project, CHOSEN)
    first, *others = project.publisher.published[-1]
    assert (str(first), len(others)) == (C, 1)
    assert project.safety.copies[PurePosixPath(C)].decode() == before
    assert "doit undo calculator_python" in outcome.notes[0]


def test_a_choice_is_in_the_log():
    project = _conflicted()
    _choose(project, CHOSEN)
    operation, ending = project.journal.log[-1]
    assert operation is Operation.MERGE
    assert ending is not None
    assert ending.status is Status.DONE


def test_keeping_mine_copies_and_replaces_nothing():
    project = _conflicted()
    _choose(project, CODE.replace(*MINE))
    assert project.safety.copies == {}
    assert len(project.publisher.published[-1]) == 1


def test_the_next_merge_starts_from_what_was_generated():
    project = _conflicted()
    _choose(project, CHOSEN)
    assert project.trace.steps[Step.GENERATE].outputs[C] == Digest.of(
        GENERATED.encode()
    )
    assert project.trace.adopted[C] == Digest.of(CHOSEN.encode())


def test_line_ends_are_those_of_the_file():
    project = _conflicted()
    path = PurePosixPath(C)
    project.disk[path] = project.disk[path].replace(b"\n", b"\r\n")
    _choose(project, CHOSEN)
    assert project.disk[path] == CHOSEN.replace("\n", "\r\n").encode()


def test_a_choice_that_does_not_parse_is_refused():
    project = _conflicted()
    before = dict(project.disk)
    with pytest.raises(ConfigError, match="does not parse: line 1"):
        _choose(project, "def (:\n")
    assert project.disk == before


@pytest.mark.parametrize(
    "path", [pytest.param(C, id="code"), pytest.param(P, id="prompt")]
)
def test_a_choice_between_texts_that_changed_since_is_refused(path):
    project = _conflicted()
    found = _open(project)
    project.write(path, project.read(path) + "# more\n")
    before = dict(project.disk)
    with pytest.raises(ConflictError, match=f"{path} changed since"):
        resolve(project.world(), found, CHOSEN, _outcome(project))
    assert project.disk == before


def _brought() -> Project:
    """Return a unit whose code a person brought, and whose prompt then changed."""
    project = Project({P: PROMPT, C: CODE.replace(*MINE)}, {"verify": [judged()]})
    project.adopt()
    project.edit(P, *WIDER)
    return project


def test_code_that_a_person_brought_is_set_beside_what_the_prompt_asks_for():
    project = _brought()
    with pytest.raises(ConflictError) as caught:
        project.perform(Step.GENERATE)
    assert "doit merge calculator_python" in caught.value.hint
    assert project.asked == []
    project.reply("generate", fenced(GENERATED))
    found = prepare(project.world(), project.unit, _outcome(project))
    assert found is not None
    assert found.sides.base is None
    assert found.sides.generated == GENERATED
    assert project.read(C) == CODE.replace(*MINE)
    again = prepare(project.world(), project.unit, _outcome(project))
    assert again == found
    assert project.asked == ["generate"]


def test_code_that_is_exactly_what_is_generated_needs_no_choice():
    project = _brought()
    project.reply("generate", fenced(CODE.replace(*MINE)))
    assert prepare(project.world(), project.unit, _outcome(project)) is None
    assert project.trace.adopted == {}


def test_code_that_is_no_text_is_refused_before_anything_is_paid_for():
    project = _brought()
    project.disk[PurePosixPath(C)] = b"\xff\n"
    project.adopt()
    project.edit(P, "negates.", "negates it.")
    with pytest.raises(ConflictError, match="not UTF-8"):
        prepare(project.world(), project.unit, _outcome(project))
    assert project.asked == []
