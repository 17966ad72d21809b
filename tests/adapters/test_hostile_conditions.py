"""File systems that refuse, and files that are not what one thinks: real ones."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest
from project import unmeasured_environment
from publishing import NEW, OLD, UNIT, assert_swept, old_project, put, state, writes

from pdd_tasks.adapters.files import ProjectFiles, raw_digest
from pdd_tasks.adapters.folding import folds
from pdd_tasks.adapters.transactions import Transactions
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.publication import Write
from pdd_tasks.errors import ConfigError, PddError


CODE = "src/a.py"
SPACE = """
import sys
from pathlib import Path
import publishing
from pdd_tasks.errors import PddError
root = Path(sys.argv[1])
try:
    publishing.main(str(root), "publish", "exchange")
    print("published")
except PddError as error:
    print(error)
print(publishing.state(root))
publishing.assert_swept(root)
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return old_project(tmp_path / "project")


def written(path: str, data: bytes, old: bytes | None = None) -> Write:
    expected = None if old is None else raw_digest(old)
    return Write(path=PurePosixPath(path), data=data, expected=expected)


def mounted(root: Path, before: str, *, check: str = SPACE) -> list[str]:
    """Return what a program says that sees file systems mounted for it alone."""
    if sys.platform != "linux" or shutil.which("unshare") is None:
        pytest.skip("only Linux has file systems of one's own")
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    script = f'set -e\n{before}\nexec "$PYTHON" -c "$CHECK" "$ROOT"'
    variables = {
        "ROOT": str(root),
        "PYTHON": sys.executable,
        "CHECK": check,
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    done = subprocess.run(
        ["unshare", "--mount", *user, "sh", "-c", script],  # noqa: S607 - the system's
        env=unmeasured_environment() | variables,
        check=False,
        capture_output=True,
        text=True,
    )
    if "mount" in done.stderr or "unshare" in done.stderr:
        pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_full_disk_leaves_all_old_and_says_so(root):
    lines = mounted(
        root,
        'mkdir "$ROOT.small"; mount -t tmpfs -o size=48k tmpfs "$ROOT.small"\n'
        'cp -r "$ROOT" "$ROOT.small/project"; ROOT="$ROOT.small/project"\n'
        'head -c 100000 /dev/zero > "$ROOT/../full" 2>/dev/null || true',
    )
    assert "No space left on device" in lines[0]
    assert lines[1].strip() == (
        "hint: free some space on the disk, then run the command again"
    )
    assert lines[2] == "old"


def test_a_folder_that_is_mounted_read_only_leaves_all_old(root):
    lines = mounted(
        root,
        'mount --bind "$ROOT/src" "$ROOT/src"; mount -o remount,bind,ro "$ROOT/src"',
    )
    assert lines[0].startswith("cannot publish unit a_python:")
    assert "make the file and its folder writable" in lines[1]
    assert lines[2] == "old"


def test_a_folder_on_another_file_system_is_published_into(root):
    lines = mounted(
        root,
        'mkdir "$ROOT.keep"; cp "$ROOT/src/a.py" "$ROOT.keep"\n'
        'mount -t tmpfs tmpfs "$ROOT/src"; cp "$ROOT.keep/a.py" "$ROOT/src"',
    )
    assert lines == ["published", "new"]


@pytest.fixture
def immutable(root: Path) -> Iterator[Path]:
    target = root / CODE
    program = shutil.which("chattr")
    if program is None:
        pytest.skip("no file can be made immutable here")
    done = subprocess.run([program, "+i", target], check=False, capture_output=True)
    if done.returncode:
        pytest.skip("no file can be made immutable here")
    yield target
    subprocess.run([program, "-i", target], check=True)


def test_a_file_that_nobody_may_replace_leaves_all_old(root, immutable):
    with pytest.raises(PddError, match="Operation not permitted") as caught:
        Transactions(root).publish(UNIT, writes())

    assert "make the file and its folder writable" in caught.value.hint
    assert immutable.read_bytes() == OLD[CODE]
    assert state(root) == "old"
    assert_swept(root)


def test_a_linked_folder_inside_the_project_is_published_into(root):
    (root / "src").rename(root / "real")
    (root / "src").symlink_to("real")

    Transactions(root).publish(UNIT, writes())

    assert (root / "src").is_symlink()
    assert (root / "real/a.py").read_bytes() == NEW[CODE]


@pytest.mark.parametrize("name", ["src", CODE])
def test_a_link_out_of_the_project_is_refused_before_anything_is_written(root, name):
    outside = root.with_name("outside")
    (root / name).rename(outside)
    (root / name).symlink_to(outside)
    before = sorted(outside.rglob("*"))

    with pytest.raises(ConfigError, match="leads out of the project"):
        Transactions(root).publish(UNIT, writes())

    assert sorted(outside.rglob("*")) == before
    assert (root / CODE).read_bytes() == OLD[CODE]
    assert not (root / ".pdd/txn").exists()


def test_a_linked_folder_that_is_a_file_is_named(root):
    (root / "tests").mkdir()
    (root / "tests/unit").symlink_to("elsewhere")
    put(root / "tests/elsewhere", b"a file\n")
    with pytest.raises(PddError, match="elsewhere: Not a directory"):
        Transactions(root).publish(UNIT, writes())
    assert (root / CODE).read_bytes() == OLD[CODE]
    assert_swept(root)


def test_a_folder_where_a_file_should_be_is_refused(root):
    (root / CODE).unlink()
    (root / CODE).mkdir()

    with pytest.raises(ConfigError, match=f"{CODE} cannot be read: it is not a plain"):
        Transactions(root).publish(UNIT, writes())

    assert not (root / ".pdd/txn").exists()


def test_a_hard_link_elsewhere_keeps_the_old_bytes(root):
    (root / "elsewhere").hardlink_to(root / CODE)

    Transactions(root).publish(UNIT, writes())

    assert (root / CODE).read_bytes() == NEW[CODE]
    assert (root / "elsewhere").read_bytes() == OLD[CODE]


def test_a_program_stays_one(root):
    (root / CODE).chmod(0o755)
    Transactions(root).publish(UNIT, writes())
    assert (root / CODE).stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize(
    "name",
    [
        "a name with spaces",
        "two\nlines",
        "-rf",
        "quote'\"`$(x)",
        "täst",
        os.fsdecode(b"not \xff text"),
    ],
)
def test_any_name_that_a_file_can_have_is_published(root, name):
    path = f"{name}/{name}.py"
    Transactions(root).publish(UNIT, [written(path, b"first\n")])
    Transactions(root).publish(UNIT, [written(path, b"second\n", b"first\n")])
    assert (root / path).read_bytes() == b"second\n"
    assert_swept(root)


@pytest.mark.parametrize("length", [242, 255, 300])
def test_a_name_that_leaves_no_room_is_refused_before_anything_is_written(root, length):
    path = PurePosixPath("src", "a" * length)
    with pytest.raises(ConfigError, match=f"is too long: {length} bytes") as caught:
        Transactions(root).publish(UNIT, [*writes(), written(str(path), b"x")])
    assert "shorter names" in caught.value.hint
    assert state(root) == "old"
    assert not (root / ".pdd/txn").exists()


def test_the_longest_name_that_is_not_refused_is_published(root):
    name = "a" * 241
    Transactions(root).publish(UNIT, [written(name, b"first\n")])
    Transactions(root).publish(UNIT, [written(name, b"second\n", b"first\n")])
    assert (root / name).read_bytes() == b"second\n"


def test_a_path_that_leaves_no_room_is_refused(root):
    path = "/".join(["folder"] * 600)
    with pytest.raises(ConfigError, match=r"^folder/.*… is too long: 6 bytes in the"):
        ProjectFiles(root).locate(PurePosixPath(path))


def test_a_unit_whose_name_leaves_no_room_is_refused(root):
    unit = UnitId("a" * 250, "python")
    with pytest.raises(PddError, match="File name too long") as caught:
        Transactions(root).publish(unit, writes())
    assert "shorter names" in caught.value.hint
    assert state(root) == "old"


def test_names_that_are_one_file_by_another_spelling_are_refused(root):
    (root / "src/A.py").hardlink_to(root / CODE)  # as if small letters were capitals
    double = written("src/A.py", b"other", OLD[CODE])

    with pytest.raises(ConfigError, match=r"one file src/a\.py, which is src/A\.py"):
        Transactions(root).publish(UNIT, [*writes(), double])

    assert state(root, but=("src/A.py",)) == "old"
    assert_swept(root)


def test_names_that_differ_in_case_are_two_files_where_they_are(root):
    other = "tests/unit/TEST_a.py"
    (root / "tests/unit").mkdir(parents=True)
    if folds(root / "tests/unit/test_a.py", root / other):
        with pytest.raises(ConfigError, match="one file"):
            Transactions(root).publish(UNIT, [*writes(), written(other, b"x")])
        return
    Transactions(root).publish(UNIT, [*writes(), written(other, b"x")])
    assert (root / other).read_bytes() == b"x"
    assert (root / "tests/unit/test_a.py").read_bytes() == NEW["tests/unit/test_a.py"]


def test_two_files_that_stand_and_differ_in_case_are_two_files(root):
    put(root / "src/A.py", b"other\n")
    if (root / CODE).read_bytes() == b"other\n":
        pytest.skip("here they are one")
    assert not folds(root / CODE, root / "src/A.py")
    assert not folds(root / CODE, root / "src/a.PY")


def test_bytes_are_published_as_they_are(root):
    data = b"\xef\xbb\xbffirst\r\nsecond\rthird\n\x00\xff\xfe"
    Transactions(root).publish(UNIT, [written("src/b.py", data)])
    assert (root / "src/b.py").read_bytes() == data
