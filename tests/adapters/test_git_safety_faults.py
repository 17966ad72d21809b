"""A copy that is killed, or that git fails in the middle, does no harm."""

import os
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import git_scenes
import pytest
from git_scenes import FILE, MINE, git, witness
from project import unmeasured_environment

from pdd_tasks.adapters.safety import SafetyCopies
from pdd_tasks.core.model.artifact import UnitId


GIT = shutil.which("git")
pytestmark = [
    pytest.mark.git,
    pytest.mark.skipif(GIT is None, reason="there is no git"),
]
UNIT = UnitId("a", "python")
CALLS = 9  # of git for one copy: to look, to write, to name, to look what is old
WRAPPER = """\
#!/bin/sh
number=$(($(cat "$COUNT") + 1))
echo $number > "$COUNT"
if [ $number = "$AT" ]; then
    case "$HOW" in
        before) kill -9 $PPID; exit 1 ;;
        after) "$GIT" "$@"; kill -9 $PPID; exit 1 ;;
        fail) exit 1 ;;
    esac
fi
exec "$GIT" "$@"
"""
COPY = f"""\
import sys
from pathlib import Path, PurePosixPath
from pdd_tasks.adapters.safety import SafetyCopies
from pdd_tasks.core.model.artifact import UnitId

safety = SafetyCopies(Path(sys.argv[1]))
print(safety.copy(UnitId("a", "python"), {{PurePosixPath("{FILE}"): {MINE!r}}}, "why"))
"""


@pytest.fixture
def root(tmp_path, monkeypatch):
    for name, value in git_scenes.environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    (tmp_path / "bin").mkdir()
    wrapper = tmp_path / "bin/git"
    wrapper.write_text(WRAPPER)
    wrapper.chmod(0o755)
    (tmp_path / "count").write_text("0")
    return git_scenes.partially_staged(tmp_path / "top").root


def copied(root, at: int, how: str) -> subprocess.CompletedProcess[str]:
    """Make a copy in another process, and let something happen at a call of git."""
    outside = root.parents[1]
    more = {
        "PATH": f"{outside / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "GIT": str(GIT),
        "COUNT": str(outside / "count"),
        "AT": str(at),
        "HOW": how,
        "TMPDIR": str(outside),
    }
    return subprocess.run(
        [sys.executable, "-c", COPY, str(root)],
        env=unmeasured_environment() | git_scenes.environment(outside) | more,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_copy_takes_as_many_calls_as_are_tried(root):
    done = copied(root, 0, "fail")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("refs/pdd/safety/")
    assert (root.parents[1] / "count").read_text().strip() == str(CALLS)


@pytest.mark.parametrize(
    "how", ["before", pytest.param("after", marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("at", range(1, CALLS + 1))
def test_a_kill_at_any_call_touches_nothing_and_the_next_copy_is_made(root, at, how):
    before = witness(root)

    done = copied(root, at, how)

    assert done.returncode == -signal.SIGKILL
    assert witness(root) == before
    safety = SafetyCopies(root)
    name = safety.copy(UNIT, {FILE: MINE})
    assert name.startswith("refs/pdd/safety/")
    assert {safety.read(copy)[FILE] for copy in safety.listed()} == {MINE}
    assert witness(root) == before
    git(root, "gc", "-q", "--prune=now")
    assert safety.read(safety.listed()[0]) == {FILE: MINE}


@pytest.mark.parametrize("at", range(1, CALLS + 1))
def test_a_failure_at_any_call_still_leaves_a_copy(root, at):
    before = witness(root)
    done = copied(root, at, "fail")
    assert done.returncode == 0, done.stderr
    assert witness(root) == before
    safety = SafetyCopies(root)
    [copy] = safety.listed()
    assert copy.where == done.stdout.strip()
    assert safety.read(copy) == {FILE: MINE}


def test_threads_that_copy_in_one_second_get_names_of_their_own(root):
    safety = SafetyCopies(root, now=lambda: "2026-03-01T09:30:00Z")
    data = [bytes([number]) for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(lambda one: safety.copy(UNIT, {FILE: one}), data))
    assert len(set(names)) == 24
    kept = {copy.where: safety.read(copy)[FILE] for copy in safety.listed()}
    assert kept == dict(zip(names, data, strict=True))
