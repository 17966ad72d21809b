from pathlib import PurePosixPath

import pytest

from pdd_tasks.adapters.safety import SafetyCopies
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.errors import ConfigError, PddError


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
