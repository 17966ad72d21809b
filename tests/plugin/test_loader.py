"""Units without a dodo.py: the loader that pyproject.toml chooses."""

import subprocess
import sys
from pathlib import Path

import pytest
from project import DODO, Project, Said, clean_environment


CHOSEN = '[tool.doit]\nloader = "pdd"\n'
OWN = """\
def task_report():
    return {
        "actions": ["wc -l < src/calculator.py > report"],
        "file_dep": ["src/calculator.py"],
        "targets": ["report"],
    }
"""
SAYS = "\ndef task_where():\n    return {'actions': ['pwd'], 'verbosity': 2}\n"


@pytest.fixture
def bare(synced: Project) -> Project:
    """Return a calculator in sync that has a pyproject.toml and no dodo.py."""
    (synced.root / "dodo.py").unlink()
    synced.write("pyproject.toml", CHOSEN)
    (synced.root / "sub").mkdir()
    return synced


def below(project: Project, *words: str, program: str = "doit") -> Said:
    """Run a program in a subfolder."""
    command = {
        "doit": [sys.executable, "-m", "doit"],
        "pdd-tasks": [str(Path(sys.executable).parent / "pdd-tasks")],
    }[program]
    ended = subprocess.run(
        [*command, *words],
        cwd=project.root / "sub",
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    return Said(code=ended.returncode, out=ended.stdout, err=ended.stderr)


def test_a_project_needs_no_dodo_file(bare: Project) -> None:
    before = bare.contents()
    said = bare.doit()
    assert (said.code, said.out) == (0, "sync: 1 unit in sync; nothing to do\n")
    assert bare.contents() == before


def test_it_lists_shows_and_names_units_as_a_dodo_file_does(bare: Project) -> None:
    bare.write("dodo.py", DODO)
    (bare.root / "pyproject.toml").unlink()
    asked = (
        ("list", "--all", "--status"),
        ("info", "sync:calculator_python:fix"),
        ("sync:calculator",),
        ("sync:calcluator",),
        ("pending", "--json"),
    )
    by_file = [bare.doit(*words) for words in asked]
    (bare.root / "dodo.py").unlink()
    bare.write("pyproject.toml", CHOSEN)
    assert [bare.doit(*words) for words in asked] == by_file


def test_a_step_can_be_forgotten(bare: Project) -> None:
    assert bare.doit("forget", "sync:calculator_python:verify").code == 0
    assert [step for step, _ in bare.pending()] == ["verify"]
    assert not list(bare.root.glob(".doit.db*"))


def test_tasks_of_a_dodo_file_run_after_the_step_they_read_from(bare: Project) -> None:
    bare.write("dodo.py", OWN)
    (bare.root / "src/calculator.py").unlink()
    said = bare.doit("report")
    assert said.code == 0, said.text
    steps = [line.split(":")[0] for line in said.out.splitlines()]
    made = steps.index("calculator_python generate")
    assert made < next(i for i, step in enumerate(steps) if "report" in step)
    assert int(bare.read("report")) > 0


def test_tasks_of_a_dodo_file_keep_their_records(bare: Project) -> None:
    bare.write("dodo.py", OWN)
    assert ".  report" in bare.doit().out
    assert "-- report" in bare.doit().out


def test_records_that_doit_has_already_stay_good(bare: Project) -> None:
    (bare.root / "pyproject.toml").unlink()
    bare.write("dodo.py", OWN)
    assert ".  report" in bare.doit().out
    bare.write("pyproject.toml", CHOSEN)
    assert "-- report" in bare.doit().out
    assert not (bare.root / ".doit.db.json").exists()


def test_a_dodo_file_that_loads_the_units_itself_loads_them_once(
    bare: Project,
) -> None:
    bare.write("dodo.py", DODO + SAYS)
    names = [line.split()[0] for line in bare.doit("list", "--all").out.splitlines()]
    assert len(names) == len(set(names))
    assert {"sync", "where"} <= set(names)


def test_what_a_project_sets_for_doit_counts(bare: Project) -> None:
    bare.write("pyproject.toml", CHOSEN + "reporter = 'zero'\n")
    assert bare.doit().out == ""


def test_projects_are_named_in_the_project_file(bare: Project) -> None:
    top = Project(bare.root.parent)
    top.write("pyproject.toml", CHOSEN + "[tool.pdd-tasks]\nprojects = ['cal*']\n")
    (bare.root / ".pddrc").touch()
    assert top.doit().out == "sync: 1 unit in sync; nothing to do\n"


@pytest.mark.parametrize(
    "table, found",
    [
        pytest.param("projects = 'src'", "is no list of folders", id="no list"),
        pytest.param("projects = [1]", "is no list of folders", id="no texts"),
        pytest.param("projects = ['gone']", "folder gone, which does not", id="gone"),
        pytest.param("project = ['.']", "write projects", id="misspelt"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused(
    bare: Project, table: str, found: str
) -> None:
    bare.write("pyproject.toml", f"{CHOSEN}[tool.pdd-tasks]\n{table}\n")
    said = bare.doit("list")
    assert said.code == 3
    assert found in said.err
    assert "hint: " in said.err
    assert "Traceback" not in said.err


def test_another_file_and_folder_can_be_given(bare: Project) -> None:
    bare.write("other.py", SAYS)
    assert str(bare.root) in bare.doit("-f", "other.py", "where").out
    assert "no such folder" in bare.doit("-d", "gone", "list").err
    missing = bare.doit("-f", "gone.py", "list")
    assert (missing.code, "gone.py" in missing.err) == (3, True)
    empty = bare.doit("-d", "sub", "pending")
    assert "0 of 0 units in sync" in empty.text


def test_commands_of_ours_find_the_project_from_a_subfolder(bare: Project) -> None:
    assert below(bare, "pending").out == "1 of 1 units in sync\n"
    assert below(bare, "-d", "..", "pending").out == "1 of 1 units in sync\n"


def test_a_folder_without_a_project_is_told_by_doit(tmp_path: Path) -> None:
    said = Project(tmp_path).doit("pending")
    assert (said.code, "Could not find dodo file" in said.err) == (3, True)


@pytest.mark.parametrize("words", [("list",), ("sync:calculator",), ("-k", "list")])
def test_the_program_runs_doit_in_the_project_of_a_subfolder(
    bare: Project, words: tuple[str, ...]
) -> None:
    said = below(bare, *words, program="pdd-tasks")
    assert said.code == 0, said.err
    assert said == bare.doit(*words)


def test_a_dodo_file_above_is_sought_where_that_is_asked_for(bare: Project) -> None:
    bare.write("dodo.py", OWN)
    bare.write("sub/pyproject.toml", "")
    said = below(bare, "-k", "report")
    assert said.code == 0, said.err
    assert (bare.root / "report").exists()


def test_a_subfolder_that_chooses_the_loader_is_a_project(bare: Project) -> None:
    bare.write("sub/pyproject.toml", CHOSEN)
    assert below(bare, "list").out.split()[:2] == ["sync", "0"]
    assert [path.name for path in (bare.root / "sub").iterdir()] == ["pyproject.toml"]
