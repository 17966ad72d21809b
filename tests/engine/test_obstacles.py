from dataclasses import replace
from pathlib import PurePosixPath

import pytest
from calculator_texts import CODE, PROMPT, C, E, P
from fakes import trace_path
from memory_project import Project, synced

from pdd_tasks.core.model.step import Step
from pdd_tasks.engine.observe import plan_unit
from pdd_tasks.errors import ConfigError, ConflictError, PddError


SIDES = "both sides changed it"
MARKED = "<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> side\n"


def _refused(project: Project, kind: type[PddError]) -> PddError:
    """Return what a look and a step are both refused with; nothing is paid for."""
    asked, runs = list(project.asked), len(project.runner.runs)
    with pytest.raises(kind) as planned:
        plan_unit(project.world(), project.unit)
    with pytest.raises(kind) as performed:
        project.sync()
    assert str(planned.value) == str(performed.value)
    assert (project.asked, len(project.runner.runs)) == (asked, runs)
    return performed.value


def _edited() -> Project:
    project = synced()
    project.write(P, PROMPT + "- `mul` multiplies.\n")
    return project


def test_a_unit_in_sync_asks_git_nothing():
    project = synced()
    project.checkout.asked = project.checkout.announced = 0
    plan_unit(project.world(), project.unit)
    assert project.sync() == []
    assert (project.checkout.asked, project.checkout.announced) == (0, 0)


def test_people_are_told_of_a_missing_git_where_something_is_due():
    project = Project({P: PROMPT})
    with pytest.raises(PddError):
        project.perform(Step.GENERATE)
    assert project.checkout.announced == 1


@pytest.mark.parametrize("path", [P, C, E])
def test_a_unit_whose_file_is_not_merged_is_refused(path):
    project = _edited()
    project.checkout.left[PurePosixPath(path)] = SIDES
    error = _refused(project, ConflictError)
    assert error.message == (
        f"unit calculator_python: {path}: a git conflict is not resolved: {SIDES}"
    )
    assert error.hint == (
        f"resolve it and `git add {path}`; then run `doit sync:calculator_python` again"
    )


def test_a_conflict_of_git_is_named_with_its_line():
    project = _edited()
    project.write(P, project.read(P) + MARKED)
    project.checkout.left[PurePosixPath(P)] = SIDES
    line = project.read(P).splitlines().index("<<<<<<< HEAD") + 1
    assert _refused(project, ConflictError).message == (
        f"unit calculator_python: {P}:{line}: a git conflict is not resolved:"
        f" {SIDES}, <<<<<<< HEAD"
    )


def test_a_conflict_that_was_added_as_it_is_is_refused():
    project = _edited()
    project.write(C, MARKED)
    assert _refused(project, ConflictError).hint == (
        "resolve it, or indent marks that belong to the text;"
        " then run `doit sync:calculator_python` again"
    )


def test_a_conflict_is_not_adopted():
    project = _edited()
    project.write(C, MARKED)
    before = dict(project.disk)
    with pytest.raises(ConflictError, match="a git conflict is not resolved"):
        project.adopt()
    assert project.disk == before


def test_a_conflict_in_what_the_prompt_includes_is_refused():
    docs = "docs/money.md"
    files = {P: f"{PROMPT}\n<include>{docs}</include>\n", docs: f"Money.\n{MARKED}"}
    assert f"{docs}:2: " in _refused(Project(files), ConflictError).message


def test_marks_in_a_program_that_parses_are_no_conflict():
    project = synced()
    project.write(C, f'{project.read(C)}\nTEXT = """\n{MARKED}"""\n')
    assert plan_unit(project.world(), project.unit).due


def test_one_mark_alone_is_no_conflict():
    project = _edited()
    project.write(P, project.read(P) + "<<<<<<< see above\n")
    assert plan_unit(project.world(), project.unit).due


def test_a_conflict_in_a_unit_that_has_nothing_to_do_is_not_looked_for():
    project = synced()
    project.checkout.left[PurePosixPath(C)] = SIDES
    assert project.sync() == []


def test_code_that_is_not_checked_out_is_not_made_anew():
    project = synced()
    project.delete(C)
    why = "it is outside of the sparse checkout"
    project.checkout.away[PurePosixPath(C)] = why
    error = _refused(project, ConfigError)
    assert error.message == f"unit calculator_python: {C} is not checked out: {why}"
    assert "name the units that you want" in error.hint


def test_a_unit_whose_record_is_not_checked_out_is_not_new():
    project = Project({P: PROMPT, C: CODE})
    record = trace_path(project.unit.id)
    project.checkout.away[record] = "it is outside of the sparse checkout"
    assert f": {record} is not checked out: " in _refused(project, ConfigError).message


def test_a_further_test_file_that_is_not_checked_out_is_missed():
    project = synced()
    more = "tests/test_calculator_more.py"
    project.with_more_tests(more, "def test_it():\n    assert True\n")
    project.sync()
    project.delete(more)
    project.unit = replace(project.unit, more_tests=())
    project.checkout.away[PurePosixPath(more)] = "it is outside of the sparse checkout"
    assert f": {more} is not checked out: " in _refused(project, ConfigError).message


def test_code_that_was_deleted_is_made_anew():
    project = synced()
    project.delete(C)
    project.checkout.away[PurePosixPath("src/other.py")] = "elsewhere"
    assert Step.GENERATE in project.due()
