"""Safety copies in git: nothing of a person's is touched, and nothing is lost."""

import os
import re
import shutil
import stat
from pathlib import Path, PurePosixPath

import git_scenes
import pytest
from git_scenes import FILE, IN_FOLDER, IN_GIT, MINE, Scene, git, witness

from pdd_tasks.adapters.git_safety import GitCopies
from pdd_tasks.adapters.safety import SafetyCopies
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.settings import SafetyPlace, Settings
from pdd_tasks.errors import StateError


pytestmark = [
    pytest.mark.git,
    pytest.mark.skipif(shutil.which("git") is None, reason="there is no git"),
]
UNIT = UnitId("a", "python")
BRANCH = {str(UNIT): Settings(safety=SafetyPlace.BRANCH)}
each_in_git = pytest.mark.parametrize(
    "build", [pytest.param(one, id=one.__name__) for one in IN_GIT]
)
each_in_folder = pytest.mark.parametrize(
    "build", [pytest.param(one, id=one.__name__) for one in IN_FOLDER]
)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name, value in git_scenes.environment(home).items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def top(tmp_path):
    folder = tmp_path / "top"
    folder.mkdir()
    return folder


class Clock:
    """A clock that is set by hand."""

    def __init__(self, moment: str) -> None:
        self.moment = moment

    def now(self) -> str:
        return self.moment


def kept(scene: Scene, monkeypatch, **given) -> tuple[SafetyCopies, str]:
    safety = SafetyCopies(scene.root, **given)
    with monkeypatch.context() as patch:
        for name, value in scene.variables.items():
            patch.setenv(name, value)
        return safety, safety.copy(UNIT, scene.files, "the prompt\nchanged")


@each_in_git
def test_a_copy_changes_nothing_of_a_persons_and_outlives_the_collector(
    build, top, monkeypatch
):
    scene = build(top)
    before = witness(top)

    safety, name = kept(scene, monkeypatch)

    assert witness(top) == before
    assert re.fullmatch(r"refs/pdd/safety/\d{8}T\d{6}Z-a_python", name)
    assert not (scene.root / ".pdd").exists()
    for lock in (scene.root / ".git").glob("*.lock"):  # else the collector refuses
        lock.unlink()
    git(scene.root, "-c", "core.hooksPath=", "gc", "-q", "--prune=now")
    [copy] = safety.listed(UNIT)
    assert dict(safety.read(copy)) == dict(scene.files)
    assert (copy.unit, copy.because, copy.where) == (
        "a_python",
        "the prompt\nchanged",
        name,
    )
    assert git(scene.root, "fsck", "--no-dangling").strip() == b""


NO_GIT = (git_scenes.no_repository, git_scenes.read_only_objects)
"""What git calls no repository; a run says so once, for all that git is not asked."""


@each_in_folder
def test_where_git_refuses_a_folder_keeps_the_copy_and_it_is_said_once(
    build, top, monkeypatch
):
    scene = build(top)
    before = witness(top)
    said: list[str] = []

    safety, name = kept(scene, monkeypatch, say=said.append)
    with monkeypatch.context() as patch:
        for variable, value in scene.variables.items():
            patch.setenv(variable, value)
        safety.copy(UNIT, scene.files)

    assert witness(top) == before
    assert re.fullmatch(r"\.pdd/safety/\d{8}T\d{6}Z-a_python", name)
    assert (scene.root / name / FILE).read_bytes() == MINE
    told = "safety copies go to .pdd/safety/, since git refuses: "
    assert [line.startswith(told) for line in said] == [True] * (build not in NO_GIT)
    newest, oldest = SafetyCopies(scene.root).listed()
    assert newest.id == f"{oldest.id}.2" or newest.at > oldest.at
    assert safety.read(oldest) == {FILE: MINE}


def test_without_git_a_folder_keeps_the_copy(top, monkeypatch):
    scene = git_scenes.clean(top)
    monkeypatch.setenv("PATH", str(top / "nowhere"))
    said: list[str] = []
    _, name = kept(scene, monkeypatch, say=said.append)
    assert name.startswith(".pdd/safety/")
    assert said == []  # a run says it once, for all that git is not asked


@pytest.mark.parametrize(
    "build", [git_scenes.partially_staged, git_scenes.unborn, git_scenes.submodule]
)
def test_a_copy_can_be_a_branch(build, top, monkeypatch):
    scene = build(top)
    before = witness(top)
    safety, name = kept(scene, monkeypatch, settings=BRANCH)
    assert witness(top) == before
    short = name.removeprefix("refs/heads/")
    assert short in git(scene.root, "branch", "--format=%(refname:short)").decode()
    assert safety.read(safety.listed(UNIT)[0]) == scene.files


def test_a_branch_that_has_the_name_already_leaves_the_copy_to_a_folder(
    top, monkeypatch
):
    scene = git_scenes.clean(top)
    git(scene.root, "branch", "pdd")
    said: list[str] = []
    _, name = kept(scene, monkeypatch, settings=BRANCH, say=said.append)
    assert name.startswith(".pdd/safety/")
    assert "git refuses" in said[0]


def test_a_copy_can_be_a_folder_in_a_repository(top, monkeypatch):
    scene = git_scenes.clean(top)
    chosen = {str(UNIT): Settings(safety=SafetyPlace.FOLDER)}
    said: list[str] = []
    _, name = kept(scene, monkeypatch, settings=chosen, say=said.append)
    assert name.startswith(".pdd/safety/")
    assert said == []


def test_a_person_sees_what_the_copy_holds_with_git(top, monkeypatch):
    scene = git_scenes.partially_staged(top)
    _, name = kept(scene, monkeypatch)
    shown = git(scene.root, "show", "--format=%an%n%B", "--stat", name).decode()
    assert shown.startswith("pdd-tasks\nSafety copy of a_python\n")
    assert "Kept before: the prompt changed" in shown
    assert re.search(r"src/a\.py *\| ", shown)
    assert "other/b.py" not in shown
    assert git(scene.root, "cat-file", "blob", f"{name}:{FILE}") == MINE


def test_what_a_person_would_miss_is_seen(top):
    scene = git_scenes.partially_staged(top)
    before = witness(top)
    for words in (["update-index", "--refresh"], ["branch", "x"], ["add", "-A"]):
        git(scene.root, *words, fails=words[0] == "update-index")
        assert witness(top) != before
        before = witness(top)


def test_no_hook_and_no_monitor_runs(top, monkeypatch):
    for number, build in enumerate((git_scenes.failing_hooks, git_scenes.watched)):
        folder = top / str(number)
        folder.mkdir()
        scene = build(folder)
        (folder / "ran").unlink(missing_ok=True)
        kept(scene, monkeypatch)
        assert not (folder / "ran").exists()


def test_a_file_that_may_be_run_is_kept_as_one(top, monkeypatch):
    scene = git_scenes.link_and_executable(top)
    _, name = kept(scene, monkeypatch)
    rows = git(scene.root, "ls-tree", name).decode().splitlines()
    modes = {row.split("\t")[1]: row.split()[0] for row in rows}
    assert (modes["run.sh"], modes["link.py"]) == ("100755", "100644")
    assert (scene.root / "run.sh").stat().st_mode & stat.S_IXUSR


def test_two_projects_of_one_repository_do_not_see_each_others(top, monkeypatch):
    scene = git_scenes.subfolder(top)
    other = scene.root.parent / "b"
    other.mkdir()
    first, _ = kept(scene, monkeypatch)
    second = SafetyCopies(other)
    name = second.copy(UNIT, {FILE: b"other"})
    assert first.read(first.listed()[0]) == {FILE: MINE}
    assert [copy.where for copy in second.listed()] == [name]
    above = SafetyCopies(scene.root.parents[1])
    assert above.listed() == ()


def test_copies_made_in_one_second_do_not_replace_each_other(top):
    scene = git_scenes.clean(top)
    safety = SafetyCopies(scene.root, now=lambda: "2026-03-01T09:30:00Z")
    names = [safety.copy(UNIT, {FILE: bytes([n])}) for n in range(4)]
    assert [name.rpartition("_python")[2] for name in names] == ["", ".2", ".3", ".4"]
    found = [safety.read(copy)[FILE] for copy in safety.listed(UNIT)]
    assert found == [bytes([n]) for n in (3, 2, 1, 0)]
    assert {copy.at for copy in safety.listed()} == {"2026-03-01T09:30:00Z"}


def test_what_is_none_of_ours_below_the_refs_is_left_alone(top):
    scene = git_scenes.clean(top)
    for ref in (
        "refs/pdd/safety/mine",
        "refs/pdd/safety/20200101T000000Z-a_python",
        "refs/heads/pdd/safety/20200101T000000Z-a_python",
    ):
        git(scene.root, "update-ref", ref, "HEAD")
    tag = ("tag", "-a", "-m", "x", "t")
    git(scene.root, *tag)
    git(scene.root, "update-ref", "refs/pdd/safety/20200101T000000Z-t_python", "t")
    before = git(scene.root, "for-each-ref")
    safety = SafetyCopies(scene.root)
    assert safety.listed() == ()
    assert safety.expired() == ()
    assert git(scene.root, "for-each-ref") == before


def test_a_copy_that_is_damaged_is_refused_and_says_so(top, monkeypatch):
    scene = git_scenes.clean(top)
    safety, name = kept(scene, monkeypatch)
    [copy] = safety.listed()
    git(scene.root, "update-ref", "-d", name)
    with pytest.raises(StateError, match="cannot be read: Not a valid object name"):
        safety.read(copy)


class TestRetention:
    def copies(self, root: Path, days: list[int], place=SafetyPlace.REFS, **given):
        settings = {str(UNIT): Settings(safety=place, **given)}
        moments = [
            f"2026-{1 + day // 28:02}-{1 + day % 28:02}T00:00:00Z" for day in days
        ]
        clock = Clock(moments[0])
        safety = SafetyCopies(root, settings, now=clock.now)
        for day, clock.moment in zip(days, moments, strict=True):
            safety.copy(UNIT, {FILE: b"%d" % day})
        return safety

    def ages(self, safety):
        return sorted(int(safety.read(copy)[FILE]) for copy in safety.listed())

    @pytest.mark.parametrize("place", SafetyPlace)
    def test_old_copies_beyond_the_number_go_when_a_new_one_is_made(self, top, place):
        root = git_scenes.clean(top).root
        safety = self.copies(
            root, [0, 1, 2, 100, 101], place, safety_days=30, safety_keep=3
        )
        assert self.ages(safety) == [2, 100, 101]
        notes = (root / ".pdd/safety").glob("*.json")
        assert len(list(notes)) == (3 if place is SafetyPlace.FOLDER else 0)

    def test_nothing_younger_than_thirty_days_goes(self, top):
        root = git_scenes.clean(top).root
        safety = self.copies(root, [0, 5, 20, 27], safety_days=1, safety_keep=1)
        assert self.ages(safety) == [0, 5, 20, 27]

    def test_the_last_copy_of_a_unit_stays_at_any_age(self, top):
        root = git_scenes.clean(top).root
        self.copies(root, [0])
        later = SafetyCopies(root, now=lambda: "2036-01-01T00:00:00Z")
        assert later.expired() == ()
        assert self.ages(later) == [0]

    def test_a_branch_that_a_person_works_on_stays(self, top):
        root = git_scenes.clean(top).root
        safety = self.copies(root, [0], SafetyPlace.BRANCH)
        [copy] = safety.listed()
        git(root, "checkout", "-q", copy.where.removeprefix("refs/heads/"))
        safety.drop([copy])
        assert safety.listed() == (copy,)

    def test_a_ref_that_moved_meanwhile_is_not_deleted(self, top):
        root = git_scenes.clean(top).root
        safety = self.copies(root, [0])
        copies = GitCopies(root)
        [found] = copies.all()
        git(root, "update-ref", found.ref, "HEAD")
        with pytest.raises(Exception, match="cannot lock ref"):
            copies.drop([found])
        assert git(root, "rev-parse", found.ref) == git(root, "rev-parse", "HEAD")
        assert safety.listed() == ()


def test_folders_of_an_older_version_are_listed(tmp_path):
    old = tmp_path / ".pdd/safety/20260101T000000Z-backend%2Fwidget_python"
    (old / "src").mkdir(parents=True)
    (old / "src/w.py").write_bytes(b"w")
    (tmp_path / ".pdd/safety/notes").mkdir()
    (tmp_path / ".pdd/safety/20269999T000000Z-a_python").mkdir()
    safety = SafetyCopies(tmp_path)
    [copy] = safety.listed(UnitId("backend/widget", "python"))
    assert copy.at == "2026-01-01T00:00:00Z"
    assert safety.read(copy) == {PurePosixPath("src/w.py"): b"w"}
    assert safety.listed() == (copy,)


def test_a_reason_is_redacted_and_the_files_are_not(tmp_path):
    safety = SafetyCopies(tmp_path, redact=lambda text: text.replace("s3cret", "***"))
    files = {PurePosixPath("a.py"): b"s3cret"}
    safety.copy(UNIT, files, "it said s3cret")
    [copy] = safety.listed(UNIT)
    assert copy.because == "it said ***"
    assert dict(safety.read(copy)) == files
