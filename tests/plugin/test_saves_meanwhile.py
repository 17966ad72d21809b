"""What a person saves while a step runs is never lost, and neither is ours."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from project import Project, Said
from stages import Stage, copied, paused, resumed


PARKED = re.compile(r"kept as (\S+)\n")
A_TEST = "\n\ndef test_of_a_person():\n    assert True\n"
Save = Callable[[Path, str], None]


def in_place(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def by_rename(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name("editor~")
    beside.write_text(text, encoding="utf-8")
    beside.rename(path)


SAVES = [
    pytest.param(in_place, id="in-place"),
    pytest.param(by_rename, id="renamed", marks=pytest.mark.slow),
]


def saved_at(
    stage: Stage, number: int, folder: Path, save: Callable[[Project], None]
) -> tuple[Project, Said]:
    """Let a person save at an event of a step; return what became of both."""
    shutil.rmtree(folder, ignore_errors=True)
    project = copied(stage.before, folder)
    process = paused(project, number, "doit", stage.task)
    save(project)
    return project, resumed(process)


def assert_nothing_lost(
    project: Project, said: Said, path: str, text: str, ours: bytes
) -> None:
    """Assert that a person's save stands, and that ours is where the run says."""
    assert "Traceback" not in said.text
    assert said.code in {0, 4}, said.text
    assert project.read(path) == text, said.text
    for place in PARKED.findall(said.text):
        assert (project.root / place).read_bytes() == ours
    if said.code == 0:
        assert not (project.root / ".pdd/parked").exists()
    assert list((project.root / ".pdd/txn").glob("*")) == []


@pytest.mark.parametrize("save", SAVES)
def test_code_saved_at_any_change_of_generating_stands(calculator, tmp_path, save):
    stage = calculator.stage("generate")
    path = "src/calculator.py"
    ours = (stage.after.root / path).read_bytes()
    text = ours.decode() + "\n# saved by a person\n"
    codes = []
    for number in range(1, len(stage.events) + 1):
        project, said = saved_at(
            stage, number, tmp_path, lambda p: save(p.root / path, text)
        )
        assert_nothing_lost(project, said, path, text, ours)
        codes.append(said.code)
    assert 0 in codes  # before it began or after it was done
    assert 4 in codes


@pytest.mark.slow
def test_a_prompt_saved_at_any_change_of_generating_is_seen(calculator, tmp_path):
    stage = calculator.stage("generate")
    path = "prompts/calculator_python.prompt"
    text = stage.before.read(path) + "\nDivision by zero gives infinity.\n"
    events = range(1, len(stage.events) + 1)
    for number in events:
        project, said = saved_at(
            stage, number, tmp_path, lambda p: in_place(p.root / path, text)
        )
        assert "Traceback" not in said.text
        assert project.read(path) == text
        assert "generate" in dict(project.pending()), said.text


@pytest.mark.slow
@pytest.mark.parametrize("save", SAVES)
def test_code_saved_at_any_change_of_fixing_stands(roman, tmp_path, save):
    stage = roman.stage("fix")
    path = "src/roman.py"
    ours = (stage.after.root / path).read_bytes()
    text = stage.before.read(path) + "\n# saved by a person\n"
    for number in range(1, len(stage.events) + 1):
        project, said = saved_at(
            stage, number, tmp_path, lambda p: save(p.root / path, text)
        )
        assert "# saved by a person" in project.read(path), said.text
        assert "Traceback" not in said.text
        for place in PARKED.findall(said.text):
            assert (project.root / place).read_bytes() == ours


@pytest.mark.slow
@pytest.mark.parametrize("save", SAVES)
def test_tests_saved_at_any_change_of_testing_stand(calculator, tmp_path, save):
    stage = calculator.stage("test")
    path = "tests/test_calculator.py"
    ours = (stage.after.root / path).read_bytes()
    for number in range(1, len(stage.events) + 1):
        project, said = saved_at(
            stage, number, tmp_path, lambda p: save(p.root / path, A_TEST)
        )
        assert A_TEST.strip() in project.read(path), said.text
        assert "Traceback" not in said.text
        for place in PARKED.findall(said.text):
            assert (project.root / place).read_bytes() == ours
