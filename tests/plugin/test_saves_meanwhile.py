"""What a person saves while a step runs is never lost, and neither is ours."""

import os
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from project import Project, Said
from stages import Stage, copied, paused, resumed


PARKED = re.compile(r"kept as (\S+)\n")
EACH = 1 if os.environ.get("ALL_POINTS") else 5
A_TEST = "\n\ndef test_of_a_person():\n    assert True\n"


def in_place(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def by_rename(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name("editor~")
    beside.write_text(text, encoding="utf-8")
    beside.rename(path)


SAVES = [
    pytest.param(in_place, id="in-place", marks=pytest.mark.slow),
    pytest.param(by_rename, id="renamed", marks=pytest.mark.slow),
]


def saved_at_each(
    stage: Stage, folder: Path, path: str, save: Callable[[Project], None]
) -> list[tuple[Project, Said]]:
    """Let a person save at events of a step, one each time; return what became.

    Every fifth event is tried, and each that names the file itself.
    """
    chosen = [
        number
        for number, event in enumerate(stage.events, 1)
        if number % EACH == 0 or path in event
    ]

    def saved(number: int) -> tuple[Project, Said]:
        project = copied(stage.before, folder / str(number))
        process = paused(project, number, "doit", stage.task)
        save(project)
        return project, resumed(process)

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(saved, chosen))


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


def assert_stands(
    project: Project, said: Said, path: str, mark: str, ours: bytes
) -> None:
    """Assert that what a person wrote stands, maybe with more, and ours is kept."""
    assert mark in project.read(path), said.text
    assert "Traceback" not in said.text
    for place in PARKED.findall(said.text):
        assert (project.root / place).read_bytes() == ours


@pytest.mark.parametrize("save", SAVES)
def test_code_saved_at_any_change_of_generating_stands(calculator, tmp_path, save):
    stage = calculator.stage("generate")
    path = "src/calculator.py"
    ours = (stage.after.root / path).read_bytes()
    text = ours.decode() + "\n# saved by a person\n"
    ended = saved_at_each(stage, tmp_path, path, lambda p: save(p.root / path, text))
    for project, said in ended:
        assert_nothing_lost(project, said, path, text, ours)
    codes = {said.code for _, said in ended}
    assert codes == {0, 4}  # before it began or after it was done, and meanwhile


@pytest.mark.slow
def test_a_prompt_saved_at_any_change_of_generating_is_seen(calculator, tmp_path):
    stage = calculator.stage("generate")
    path = "prompts/calculator_python.prompt"
    text = stage.before.read(path) + "\nDivision by zero gives infinity.\n"
    ended = saved_at_each(
        stage, tmp_path, path, lambda p: in_place(p.root / path, text)
    )
    for project, said in ended:
        assert "Traceback" not in said.text
        assert project.read(path) == text
        assert "generate" in dict(project.pending()), said.text


@pytest.mark.slow
def test_code_saved_at_any_change_of_fixing_stands(roman, tmp_path):
    stage = roman.stage("fix")
    path = "src/roman.py"
    ours = (stage.after.root / path).read_bytes()
    mark = "# saved by a person"
    text = f"{stage.before.read(path)}\n{mark}\n"
    ended = saved_at_each(
        stage, tmp_path, path, lambda p: in_place(p.root / path, text)
    )
    for project, said in ended:
        assert_stands(project, said, path, mark, ours)


@pytest.mark.slow
def test_tests_saved_at_any_change_of_testing_stand(calculator, tmp_path):
    stage = calculator.stage("test")
    path = "tests/test_calculator.py"
    ours = (stage.after.root / path).read_bytes()
    ended = saved_at_each(
        stage, tmp_path, path, lambda p: by_rename(p.root / path, A_TEST)
    )
    for project, said in ended:
        assert_stands(project, said, path, A_TEST.strip(), ours)
