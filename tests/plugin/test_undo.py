"""``doit undo``: what is listed, what is put back, and what is refused."""

import json
from pathlib import PurePosixPath

import pytest
from project import Project as Folder
from surface import git, unit_project

from pdd_tasks.adapters.safety import SafetyCopies
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.errors import ConfigError, StateError
from pdd_tasks.plugin.project import Project
from pdd_tasks.plugin.undoing import Mode, undone


CODE = PurePosixPath("src/a.py")
LAST = Mode(last=True)


@pytest.fixture
def folder(tmp_path):
    project = unit_project(tmp_path, "a", "b")
    project.write("src/a.py", "now = 1\n")
    return project


def keep(folder: Folder, data: bytes, name: str = "a", path=CODE) -> str:
    safety = SafetyCopies(folder.root)
    where = safety.copy(
        UnitId(name, "python"), {path: data}, "the prompt\x1b[1m changed"
    )
    return where.rpartition("/")[2]


def undo(folder: Folder, *words: str, mode: Mode | None = None):
    project = Project(folder.root, (".",), {}, lambda _: None)
    return undone(project, words, mode or Mode())


def test_without_copies_there_is_nothing_to_undo(folder):
    assert undo(folder).lines == [
        "no safety copies: nothing that you wrote was replaced"
    ]
    with pytest.raises(ConfigError, match="there is no safety copy of a"):
        undo(folder, "a", mode=LAST)


def test_copies_are_listed_newest_first_without_signs_that_steer_a_terminal(folder):
    names = [keep(folder, b"old = 1\n"), keep(folder, b"old = 2\n", "b")]
    head, *rows = undo(folder).lines
    assert head.split() == ["ID", "WHEN", "UNIT", "FILES", "BECAUSE"]
    assert sorted(row.split()[0] for row in rows) == sorted(names)
    assert "\x1b" not in "".join(rows)
    [_, row] = undo(folder, "sync:b_python").lines
    assert row.startswith(names[1])
    assert row.split()[3:5] == ["b_python", "src/a.py"]


@pytest.mark.parametrize("form", ["{}", ".pdd/safety/{}/", "refs/pdd/safety/{}"])
def test_a_copy_is_put_back_by_its_name(folder, form):
    name = keep(folder, b"old = 1\r\n")
    said = undo(folder, form.format(name))
    assert (folder.root / CODE).read_bytes() == b"old = 1\r\n"
    assert said.lines[0] == f"{name}: put back src/a.py"
    assert said.lines[1].endswith("`doit undo a_python --last` gets it back")
    [row] = said.value["copies"]
    assert (row["id"], row["changed"]) == (name, ["src/a.py"])


def test_the_last_copy_of_a_unit_is_put_back_and_that_is_undone_by_the_same(folder):
    keep(folder, b"older = 1\n")
    keep(folder, b"old = 1\n")
    keep(folder, b"other = 1\n", "b")
    for expected in ("old = 1\n", "now = 1\n", "old = 1\n"):
        undo(folder, "a", mode=LAST)
        assert folder.read("src/a.py") == expected


def test_what_stands_as_in_the_copy_is_left_alone(folder):
    name = keep(folder, b"now = 1\n")
    before = folder.files()
    for mode in (Mode(), LAST, Mode(dry_run=True, last=True)):
        words = ("a",) if mode.last else (name,)
        said = undo(folder, *words, mode=mode)
        assert said.lines == [f"{name}: all of its files stand as they are in it"]
    assert undo(folder, name, mode=Mode(diff=True)).lines == ["nothing would change"]
    files = {k: v for k, v in folder.files().items() if "/locks/" not in k}
    assert files == {k: v for k, v in before.items() if "/locks/" not in k}


@pytest.mark.parametrize("mode", [Mode(diff=True), Mode(dry_run=True)])
def test_looking_changes_nothing(folder, mode):
    name = keep(folder, b"old = 1\n")
    before = folder.files()
    said = undo(folder, name, mode=mode)
    assert folder.files() == before
    text = "\n".join(said.lines)
    assert ("-now = 1\n+old = 1" in text) is mode.diff
    assert ("would put back src/a.py" in text) is mode.dry_run


def test_a_file_that_is_gone_or_no_text_is_shown_as_such(folder):
    gone = keep(folder, b"old = 1\n", path=PurePosixPath("src/gone.py"))
    raw = keep(folder, b"\0\1")
    assert undo(folder, gone, mode=Mode(diff=True)).lines[:2] == [
        "--- /dev/null",
        "+++ src/gone.py",
    ]
    assert undo(folder, "a", mode=Mode(diff=True)).lines[0] == (
        "src/a.py: 8 bytes, and 2 in the copy"
    )
    undo(folder, gone, raw)
    assert folder.read("src/gone.py") == "old = 1\n"
    assert (folder.root / CODE).read_bytes() == b"\0\1"


def test_a_unit_that_is_gone_is_known_by_its_copies(folder):
    keep(folder, b"old = 1\n")
    for prompt in (folder.root / "prompts").iterdir():
        prompt.unlink()
    undo(folder, "a_python", mode=LAST)
    assert folder.read("src/a.py") == "old = 1\n"


@pytest.mark.parametrize(
    "words, mode, message",
    [
        pytest.param(["nobody"], Mode(), "no unit is called 'nobody'", id="unknown"),
        pytest.param(["{name}1"], Mode(), "the nearest is {name}", id="nearly"),
        pytest.param([], LAST, "--last needs a unit", id="the last of what"),
        pytest.param(["{name}", "a"], Mode(), "a is a unit, and other", id="both"),
    ],
)
def test_what_cannot_be_meant_is_refused(folder, words, mode, message):
    name = keep(folder, b"old = 1\n")
    with pytest.raises(ConfigError) as caught:
        undo(folder, *(word.format(name=name) for word in words), mode=mode)
    assert message.format(name=name) in caught.value.message
    assert caught.value.hint
    assert folder.read("src/a.py") == "now = 1\n"


def test_a_copy_of_one_name_in_two_projects_is_refused(tmp_path):
    top = Folder.in_folder(tmp_path)
    names = set()
    for number, name in enumerate("ab"):
        inner = unit_project(tmp_path / name, f"{name}x")
        inner.write(".pddrc", 'version: "1.0"\n')
        where = SafetyCopies(inner.root, now=lambda: "2026-03-01T09:30:00Z")
        names.add(where.copy(UnitId("gone", "python"), {CODE: bytes([number])}))
    [name] = names
    with pytest.raises(ConfigError, match="is there in a and b"):
        undo(top, name)


def test_a_save_meanwhile_or_a_lost_copy_is_no_traceback(folder):
    name = keep(folder, b"old = 1\n")
    (folder.root / ".pdd/safety" / name / CODE).unlink()
    with pytest.raises(StateError, match="is not what was kept"):
        undo(folder, name)


def test_from_the_command_line_an_edit_replaced_is_put_back_and_synced(synced):
    git(synced, "init", "-q")
    mine = synced.read("src/calculator.py") + "\n_MINE = 1\n"
    keep(synced, mine.encode(), "calculator", PurePosixPath("src/calculator.py"))
    assert synced.doit("undo", "calculator_python").out.count("\n") == 2

    said = synced.doit("undo", "calculator", "--last", "--json")

    assert said.code == 0, said.text
    [row] = json.loads(said.out)["copies"]
    assert row["kept"].startswith("refs/pdd/safety/")
    assert synced.read("src/calculator.py") == mine
    assert git(synced, "status", "--porcelain", "src") == "?? src/\n"
    assert dict(synced.pending())["update"] != "nothing"


def test_from_the_command_line_what_is_unknown_is_refused(folder):
    said = folder.doit("undo", "--last", "nobody")
    assert said.code == 3
    assert "no unit is called 'nobody'" in said.text
    name = keep(folder, b"old = 1\n")
    (folder.root / ".pdd/safety" / name / CODE).unlink()
    said = folder.doit("undo", name)
    assert (said.code, said.out) == (3, "")
    assert "Traceback" not in said.err
