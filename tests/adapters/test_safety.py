import json
import shutil
from pathlib import Path, PurePosixPath

import pytest

from pdd_tasks.adapters.safety import SafetyCopies
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.settings import Settings
from pdd_tasks.errors import ConfigError, PddError, StateError


LATELY = b'{"schema":1,"unit":"a","at":"lately","because":"","files":{}}'
UNIT = UnitId("backend/widget", "python")
CODE = PurePosixPath("src/backend/widget.py")
TEST = PurePosixPath("tests/test_widget.py")


def test_copies_lie_under_the_paths_they_had(tmp_path):
    name = SafetyCopies(tmp_path).copy(UNIT, {CODE: b"code\r\n", TEST: b""})

    folder = PurePosixPath(name)
    assert folder.parent == PurePosixPath(".pdd/safety")
    assert folder.name.endswith("Z-backend%2Fwidget_python")
    assert (tmp_path / folder / CODE).read_bytes() == b"code\r\n"
    assert (tmp_path / folder / TEST).read_bytes() == b""


def test_copies_made_in_one_second_do_not_overwrite_each_other(tmp_path):
    copies = [
        SafetyCopies(tmp_path).copy(UNIT, {CODE: bytes([number])})
        for number in range(20)
    ]
    assert len(set(copies)) == 20
    kept = [(tmp_path / folder / CODE).read_bytes() for folder in copies]
    assert kept == [bytes([number]) for number in range(20)]


def test_a_path_that_leaves_the_project_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="leads out of the project"):
        SafetyCopies(tmp_path).copy(UNIT, {PurePosixPath("../a"): b""})
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_refuses_is_an_error_for_people(tmp_path):
    (tmp_path / ".pdd").mkdir()
    (tmp_path / ".pdd/safety").touch()
    with pytest.raises(PddError, match="cannot keep safety copies"):
        SafetyCopies(tmp_path).copy(UNIT, {CODE: b""})


def test_a_project_named_by_a_relative_path_is_fine(tmp_path):
    folder = SafetyCopies(tmp_path / "sub" / "..").copy(UNIT, {CODE: b"1"})
    assert (tmp_path / folder / CODE).read_bytes() == b"1"


def kept(root: Path) -> tuple[SafetyCopies, Path]:
    safety = SafetyCopies(root, now=lambda: "2026-03-01T09:30:00Z")
    return safety, root / safety.copy(UNIT, {CODE: b"code"}, "a reason")


def test_a_note_beside_the_folder_tells_why(tmp_path):
    safety, folder = kept(tmp_path)
    [copy] = safety.listed(UNIT)
    assert (copy.because, copy.at) == ("a reason", "2026-03-01T09:30:00Z")
    assert json.loads(folder.with_name(f"{folder.name}.json").read_bytes()) == {
        "schema": 1,
        "unit": "backend/widget_python",
        "at": "2026-03-01T09:30:00Z",
        "because": "a reason",
        "files": {str(CODE): copy.files[CODE]},
    }


@pytest.mark.parametrize(
    "note", [b"{", b"[]", b'{"schema": 2}', b'{"schema": 1, "files": {}}', LATELY]
)
def test_a_note_that_says_nothing_is_made_up_for_by_the_files(tmp_path, note):
    safety, folder = kept(tmp_path)
    folder.with_name(f"{folder.name}.json").write_bytes(note)
    [copy] = safety.listed(UNIT)
    assert copy.because == ""
    assert safety.read(copy) == {CODE: b"code"}


@pytest.mark.parametrize("data", [None, b"other"])
def test_a_file_that_is_not_what_was_kept_is_refused(tmp_path, data):
    safety, folder = kept(tmp_path)
    [copy] = safety.listed()
    (folder / CODE).unlink()
    if data is not None:
        (folder / CODE).write_bytes(data)
    with pytest.raises(StateError, match=r"src/backend/widget\.py is not what was"):
        safety.read(copy)


def test_a_copy_that_names_a_path_outside_is_not_read(tmp_path):
    safety, folder = kept(tmp_path)
    note = folder.with_name(f"{folder.name}.json")
    note.write_text(note.read_text().replace(str(CODE), "../secret"))
    (tmp_path / ".pdd/safety/secret").write_bytes(b"code")
    [copy] = safety.listed()
    with pytest.raises(ConfigError, match="leads out of the project"):
        safety.read(copy)


def test_what_cannot_be_dropped_now_is_dropped_later(tmp_path):
    chosen = {str(UNIT): Settings(safety_days=30, safety_keep=1)}
    now = iter(["2026-01-01T00:00:00Z", *["2026-06-01T00:00:00Z"] * 9])
    safety = SafetyCopies(tmp_path, chosen, now=lambda: next(now))
    older = tmp_path / safety.copy(UNIT, {CODE: b"0"})
    assert len(safety.listed()) == 1
    in_the_way = older.with_name(f".{older.name}.tmp")
    (in_the_way / "x").mkdir(parents=True)

    safety.copy(UNIT, {CODE: b"1"})
    assert len(safety.listed()) == 2
    shutil.rmtree(in_the_way)

    safety.drop(safety.expired())
    assert [copy.at for copy in safety.listed()] == ["2026-06-01T00:00:00Z"]
