"""Which units get tasks: those that are due or named, and what belongs to them."""

import shutil
from pathlib import Path

import pytest
from project import DODO, Project


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return two groups of ten units; the later ones of a group need earlier ones."""
    return Project.of_many(tmp_path_factory.mktemp("many") / "units", 20)


@pytest.fixture
def units(first: Project, tmp_path: Path) -> Project:
    """Return a copy of the units."""
    shutil.copytree(first.root, tmp_path / "units")
    return Project(tmp_path / "units")


def listed(project: Project, *words: str) -> list[str]:
    """Return the names of the tasks that doit lists."""
    said = project.doit("list", *words)
    assert said.code == 0, said.text
    return [line.split()[0] for line in said.out.splitlines()]


def test_units_in_sync_are_counted(first: Project) -> None:
    said = first.doit("list")
    assert said.out.split(maxsplit=1) == ["sync", "20 units, none pending\n"]


def test_a_sync_of_all_counts_units_without_tasks(first: Project) -> None:
    before = first.files()
    assert first.doit().out == "sync: 20 units in sync; nothing to do\n"
    assert first.files() == before


def test_a_unit_that_is_due_is_listed_with_what_depends_on_it(units: Project) -> None:
    units.write("prompts/g0000_u7_python.prompt", "Another prompt.\n")
    names = listed(units)
    assert "sync:g0000_u7_python:generate" in names
    assert "sync:g0000_u8" in names  # it may become due, its steps are not yet
    assert not [name for name in names if "g0001" in name or "_u6" in name]
    assert "20 units, 1 pending" in units.doit("list").out


def test_all_tasks_are_listed_if_asked(first: Project) -> None:
    assert len(listed(first, "--all")) == 20 * (8 + 1 + 1) + 1


def test_names_for_completion_are_all_there(first: Project) -> None:
    assert {"sync", "sync:g0001_u9"} <= set(listed(first, "--quiet"))
    assert "sync:g0001_u9_python:fix" in listed(
        first, "--quiet", "--all", "sync:g0001_u9_python"
    )


def test_what_is_named_is_there(units: Project) -> None:
    step = "sync:g0001_u3_python:verify"
    assert listed(units, step) == [step]
    assert units.doit("info", step).code == 0
    assert units.doit("forget", step).code == 0
    assert units.pending() == [("verify", "judge")]


@pytest.mark.parametrize(
    "word, number",
    [
        ("sync:g0001_u9", 10),  # all of its group, by way of one another
        ("sync:g0001_u0_python", 1),
        ("sync:g0001_u0_python:fix", 1),
        ("sync:g0000*", 10),
        ("src/g0001_u0.py", 1),
        ("tests/test_g0001_u0.py", 1),
    ],
)
def test_a_run_is_about_what_is_named_and_needed(
    first: Project, word: str, number: int
) -> None:
    said = first.doit(word)
    units = f"{number} unit{'s' * (number > 1)}"
    is_whole = word.startswith("sync:") and not word.endswith(":fix")
    how = "in sync" if is_whole else "done as far as asked"  # a file is of one step
    assert (said.code, said.out) == (0, f"sync: {units} {how}; nothing to do\n")


def test_others_are_not_looked_at_when_one_is_named(units: Project) -> None:
    units.write(".pdd/meta/g0000_u0_python.json", "no record")
    assert units.doit("sync:g0001_u0").code == 0
    assert units.doit("sync").code != 0


def test_an_unknown_word_is_told_with_the_nearest(first: Project) -> None:
    said = first.doit("sync:g0001_u33")
    assert said.code == 3
    assert "the nearest" in said.err


@pytest.mark.parametrize("door", ["dodo.py", "pyproject.toml"])
def test_a_task_of_ones_own_may_need_any_step(units: Project, door: str) -> None:
    own = (
        "def task_report():\n"
        "    return {'actions': ['echo done'], 'verbosity': 2,"
        " 'task_dep': ['sync:g0001_u0_python:test']}\n"
    )
    if door == "dodo.py":
        units.write("dodo.py", f"{DODO}\n\n{own}")
    else:
        units.write("dodo.py", own)
        units.write("pyproject.toml", '[tool.doit]\nloader = "pdd"\n')
    said = units.doit("report")
    assert said.code == 0, said.err
    assert "done" in said.out
