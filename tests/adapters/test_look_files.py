"""Files are read for looks as they are read for everything else."""

from pathlib import PurePosixPath

import pytest

from pdd_tasks.adapters.files import ProjectFiles
from pdd_tasks.adapters.look_files import LookFiles
from pdd_tasks.errors import ConfigError


@pytest.fixture
def root(tmp_path):
    """Return a project with files, folders, and links of all kinds."""
    top, outside = tmp_path / "p", tmp_path / "outside"
    (top / "a/b").mkdir(parents=True)
    outside.mkdir()
    for file in (top / "one", top / "a/two", top / "a/b/three", outside / "four"):
        file.write_text(file.name)
    (top / "empty").touch()
    (top / "link").symlink_to("one")
    (top / "inner").symlink_to("a")
    (top / "outer").symlink_to(outside)
    (top / "away").symlink_to(outside / "four")
    (top / "loop").symlink_to("loop")
    (top / f"{'n' * 150}").write_text("long")
    return top


def read(files, path):
    """Return what is read, or what is said instead."""
    try:
        return files.read(PurePosixPath(path))
    except ConfigError as error:
        return str(error)


@pytest.mark.parametrize(
    "path",
    [
        *("one", "a/two", "a/b/three", "empty", "link", "inner/two", "inner/b/three"),
        *(
            "outer/four",
            "away",
            "loop",
            "loop/x",
            "none",
            "none/x",
            "one/x",
            "a",
            "a/b",
        ),
        *(
            "..",
            "../outside/four",
            "a/../one",
            "a/..",
            "/etc/passwd",
            ".",
            "\0",
            "\xe4",
        ),
        *("n" * 150, "n" * 300, f"a/{'m' * 120}"),
    ],
)
def test_every_path_is_read_alike(root, path):
    files = LookFiles(root)
    expected = read(ProjectFiles(root), path)
    assert read(files, path) == expected
    assert read(files, path) == expected  # with what is known of its folder
