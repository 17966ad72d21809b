"""Scratch copies of real projects on a real disk."""

import os
import stat
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest

from pdd_tasks.adapters.scratch import overlay, scratch
from pdd_tasks.errors import ConfigError, RunError


@pytest.fixture
def project(tmp_path):
    root = tmp_path / "home" / "project"
    for name in (
        "src/calc.py",
        "src/.coveragerc",
        ".pddrc",
        ".git/config",
        ".pdd/meta/x.json",
        "env/pyvenv.cfg",
        "env/lib/x.py",
        "src/__pycache__/calc.pyc",
        "node_modules/x/index.js",
        ".doit.db.dat",
        ".coverage",
    ):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return root


def files(root: Path) -> set[str]:
    return {str(p.relative_to(root)) for p in root.rglob("*") if not p.is_dir()}


def test_sources_are_copied_and_leftovers_of_tools_are_not(project):
    with scratch(project) as copy:
        assert files(copy) == {"src/calc.py", "src/.coveragerc", ".pddrc"}
        assert (copy / "src/calc.py").read_text() == "src/calc.py"


def test_the_copy_lies_outside_and_goes_with_what_lies_beside_it(project):
    with scratch(project) as copy:
        (copy.parent / "reports").mkdir()
        (copy / "src/new.py").write_text("x")
        assert not copy.is_relative_to(project)
    assert not copy.parent.exists()
    assert not (project / "src/new.py").exists()


def test_the_copy_goes_when_the_block_fails(project):
    with pytest.raises(KeyboardInterrupt), scratch(project) as copy:
        raise KeyboardInterrupt
    assert not copy.parent.exists()


def test_the_copy_goes_though_permissions_were_taken_away(project):
    with scratch(project) as copy:
        (copy / "src/calc.py").chmod(0)
        (copy / "src").chmod(0)
        copy.chmod(stat.S_IRUSR)
        copy.parent.chmod(0)
    assert not copy.parent.exists()


@pytest.mark.parametrize(
    "link, target, shown",
    [
        pytest.param("src/same.py", "calc.py", "link", id="inside"),
        pytest.param("src/absolute.py", "{project}/src/calc.py", "link", id="absolute"),
        pytest.param("src/loop", "../src", "link", id="loop"),
        pytest.param(
            "src/data.txt", "../../outside/data.txt", "file", id="file outside"
        ),
        pytest.param("src/outside", "../../outside", None, id="folder outside"),
        pytest.param("src/dangling", "../../nothing", None, id="dangling outside"),
        pytest.param("src/null", "/dev/zero", None, id="device"),
    ],
)
def test_links_do_not_lead_out_of_the_copy(project, link, target, shown):
    outside = project.parent / "outside"
    outside.mkdir()
    (outside / "data.txt").write_text("data")
    (project / link).symlink_to(target.format(project=project))
    with scratch(project) as copy:
        made = copy / link
        kind = "link" if made.is_symlink() else "file" if made.is_file() else None
        assert kind == shown
        assert shown is None or Path(os.path.realpath(made)).is_relative_to(copy)


def test_pipes_are_left_out(project):
    os.mkfifo(project / "src/pipe")
    with scratch(project) as copy:
        assert not (copy / "src/pipe").exists()


def test_the_mode_of_a_file_is_kept(project):
    (project / "src/calc.py").chmod(0o755)
    with scratch(project) as copy:
        assert stat.S_IMODE((copy / "src/calc.py").stat().st_mode) == 0o755


def test_a_project_around_the_temporary_folder_is_not_copied_into_itself(project):
    inside = project / "tmp"
    inside.mkdir()
    code = (
        "import sys; from pathlib import Path\n"
        "from pdd_tasks.adapters.scratch import scratch\n"
        "with scratch(Path(sys.argv[1])) as copy: print(copy)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(project)],
        env={**os.environ, "TMPDIR": str(inside)},
        capture_output=True,
        text=True,
        check=True,
    )
    copy = Path(done.stdout.strip())
    assert not copy.is_relative_to(project)
    assert not copy.exists()


def test_an_overlay_replaces_and_adds(project):
    (project / "src/calc.py").chmod(0o444)
    with scratch(project) as copy:
        overlay(
            copy,
            {
                PurePosixPath("src/calc.py"): b"new",
                PurePosixPath("deep/down/new.py"): b"added",
            },
        )
        assert (copy / "src/calc.py").read_bytes() == b"new"
        assert (copy / "deep/down/new.py").read_bytes() == b"added"
    assert (project / "src/calc.py").read_text() == "src/calc.py"


def test_an_overlay_replaces_a_link_and_not_what_it_points_to(project):
    (project / "src/link.py").symlink_to("calc.py")
    with scratch(project) as copy:
        overlay(copy, {PurePosixPath("src/link.py"): b"new"})
        assert (copy / "src/calc.py").read_text() == "src/calc.py"
        assert (copy / "src/link.py").read_bytes() == b"new"


@pytest.mark.parametrize("path", ["../x", "/etc/x", "src/../../x"], ids=str)
def test_an_overlay_cannot_leave_the_copy(project, path):
    with scratch(project) as copy, pytest.raises(ConfigError, match="outside"):
        overlay(copy, {PurePosixPath(path): b"x"})


def test_an_overlay_does_not_replace_a_folder(project):
    with scratch(project) as copy, pytest.raises(RunError, match="cannot copy"):
        overlay(copy, {PurePosixPath("src"): b"x"})


def test_a_project_that_is_gone_is_named(project):
    with pytest.raises(RunError, match="nowhere"), scratch(project / "nowhere"):
        pass


def test_a_project_that_holds_every_folder_has_no_outside():
    with pytest.raises(RunError, match="no folder outside"), scratch(Path("/")):
        pass
