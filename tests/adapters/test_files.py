import errno
import os
import socket
from pathlib import Path, PurePosixPath

import pytest

from pdd_tasks.adapters.files import (
    ProjectFiles,
    ensure_state_folder,
    folder_name,
    make_folders,
    replace_durably,
    write_durably,
)
from pdd_tasks.adapters.refusal import refusing
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.errors import ConfigError, PddError


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def test_a_file_is_read_as_it_lies(root):
    (root / "a.py").write_bytes(b"\xef\xbb\xbfa\r\n")
    assert ProjectFiles(root).read(PurePosixPath("a.py")) == b"\xef\xbb\xbfa\r\n"


@pytest.mark.parametrize("path", ["absent.py", "absent/a.py", "file/a.py"])
def test_a_file_that_is_not_there_is_none(root, path):
    (root / "file").touch()
    assert ProjectFiles(root).read(PurePosixPath(path)) is None


def test_a_link_inside_the_project_is_followed(root):
    (root / "real.py").write_bytes(b"1")
    (root / "link.py").symlink_to("real.py")
    assert ProjectFiles(root).read(PurePosixPath("link.py")) == b"1"


def test_a_project_reached_through_a_link_is_one_project(root, tmp_path):
    (root / "a.py").write_bytes(b"1")
    (tmp_path / "alias").symlink_to(root)
    assert ProjectFiles(tmp_path / "alias").read(PurePosixPath("a.py")) == b"1"


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/etc/passwd", id="absolute"),
        pytest.param("../outside", id="upwards"),
        pytest.param("sub/../../outside", id="upwards later"),
        pytest.param("link", id="link to a file outside"),
        pytest.param("up/outside", id="link to a folder outside"),
    ],
)
def test_a_path_that_leaves_the_project_is_refused_and_named(root, path):
    (root.parent / "outside").write_bytes(b"secret")
    (root / "link").symlink_to("../outside")
    (root / "up").symlink_to("..")

    with pytest.raises(ConfigError, match=f"^{path} leads out") as caught:
        ProjectFiles(root).read(PurePosixPath(path))

    assert caught.value.hint


def test_a_folder_beside_with_a_longer_name_is_outside(root):
    (root.parent / "project-two").mkdir()
    (root / "link").symlink_to("../project-two/file")
    with pytest.raises(ConfigError, match="link leads out"):
        ProjectFiles(root).read(PurePosixPath("link"))


def test_what_is_no_plain_file_is_refused_and_named(root):
    (root / "folder").mkdir()
    os.mkfifo(root / "pipe")
    (root / "loop").symlink_to("loop")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(root / "socket"))
        for name in ("folder", "pipe", "socket", "loop"):
            with pytest.raises(ConfigError, match=f"^{name} cannot be read: "):
                ProjectFiles(root).read(PurePosixPath(name))


def test_a_name_that_no_file_can_have_is_refused(root):
    with pytest.raises(ConfigError, match="is not a path"):
        ProjectFiles(root).read(PurePosixPath("a\0b"))


def test_a_replaced_file_keeps_its_mode(root):
    path = root / "run.sh"
    path.write_bytes(b"old")
    path.chmod(0o755)

    replace_durably(path, b"new")

    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o755
    assert [p.name for p in root.iterdir()] == ["run.sh"]


def test_a_file_that_cannot_be_replaced_leaves_nothing_behind(root):
    (root / "folder").mkdir()
    with pytest.raises(IsADirectoryError):
        replace_durably(root / "folder", b"new")
    assert [p.name for p in root.iterdir()] == ["folder"]


def test_an_existing_file_is_not_created_again(root):
    (root / "a").write_bytes(b"1")
    with pytest.raises(FileExistsError):
        write_durably(root / "a", b"2")
    assert (root / "a").read_bytes() == b"1"


def test_folders_are_made_down_to_the_last(root):
    make_folders(root / "a/b/c")
    make_folders(root / "a/b/c")
    assert (root / "a/b/c").is_dir()


def test_a_file_where_a_folder_is_needed_is_an_error(root):
    (root / "a").touch()
    with pytest.raises(NotADirectoryError):
        make_folders(root / "a/b")


def test_the_state_folder_says_what_git_leaves_out(root):
    folder = ensure_state_folder(root)
    assert folder == root / ".pdd"
    ignored = (folder / ".gitignore").read_text().splitlines()
    assert {"/txn/", "/cache/*", "!/cache/analysis/", "/state.db*"} <= set(ignored)


def test_a_persons_ignore_file_is_left_alone(root):
    (root / ".pdd").mkdir()
    (root / ".pdd/.gitignore").write_text("mine\n")
    ensure_state_folder(root)
    assert (root / ".pdd/.gitignore").read_text() == "mine\n"


def test_units_that_read_alike_have_folders_of_their_own():
    units = [
        UnitId("a/b", "python"),
        UnitId("a%2Fb", "python"),
        UnitId("a-b", "python"),
    ]
    names = {folder_name(unit) for unit in units}
    assert len(names) == 3
    assert all("/" not in name for name in names)


@pytest.mark.parametrize(
    "number, hint",
    [
        pytest.param(errno.ENOSPC, "free some space", id="full"),
        pytest.param(errno.EROFS, "writable", id="read-only"),
        pytest.param(errno.EIO, "mend that", id="other"),
    ],
)
def test_a_refusal_names_the_file_and_what_to_do(number, hint):
    with (
        pytest.raises(PddError, match="cannot write it: a/b: ") as caught,
        refusing("write it"),
    ):
        raise OSError(number, os.strerror(number), "a/b")
    assert hint in caught.value.hint


def test_a_refusal_without_a_file_is_told_too():
    with pytest.raises(PddError, match="cannot write it: odd"), refusing("write it"):
        raise OSError("odd")


def test_a_path_of_the_project_is_where_its_file_lies(root):
    located = ProjectFiles(root).locate(PurePosixPath("a/b.py"))
    assert located == Path(os.path.realpath(root)) / "a/b.py"


def test_files_are_found_by_globs_in_order_without_hidden_ones(root):
    for name in ("docs/b.md", "docs/a/c.md", "docs/.d.md", ".pdd/e.md", "docs/f.txt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x", encoding="utf-8")
    (root / "docs/g.md").mkdir()

    found = ProjectFiles(root).matching(("docs/**/*.md", "**/b.md", "none/*"))

    assert [str(path) for path in found] == ["docs/a/c.md", "docs/b.md"]
