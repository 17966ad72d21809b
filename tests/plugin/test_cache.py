"""``doit cache``: what is found, what goes with --yes, and what never goes."""

import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import PurePosixPath

import pytest
from surface import git, unchanged, unit_project

from pdd_tasks.adapters.models.spare_replies import spare_replies
from pdd_tasks.adapters.safety import SafetyCopies
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.plugin.collection import Wish, collected, measured
from pdd_tasks.plugin.commands.command import options_first
from pdd_tasks.plugin.project import Project
from pdd_tasks.plugin.said import sized


CODE = PurePosixPath("src/a.py")
LATER = datetime(2100, 1, 1, tzinfo=UTC)
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")


def old_copies(root, number=3):
    days = range(1, number + 1)
    moments = iter([f"2020-01-{day:02}T00:00:00Z" for day in days for _ in "12"])
    safety = SafetyCopies(root, now=lambda: next(moments))  # asked twice for a copy
    for day in days:
        safety.copy(UnitId("a", "python"), {CODE: b"%d" % day})


def project(root):
    return Project(root, (".",), {"safety_keep": "1"}, lambda _: None)


def test_what_is_old_is_shown_and_goes_only_if_wished(tmp_path):
    folder = unit_project(tmp_path, "a")
    old_copies(tmp_path)
    folder.write(f".pdd/baseline/{'a' * 64}", "x" * 1500)
    before = folder.files()

    shown = collected(project(tmp_path), Wish())

    assert folder.files() == before
    assert [line.partition(":")[0] for line in shown.lines[:-1]] == [
        f".pdd/baseline/{'a' * 64}",
        ".pdd/safety/20200102T000000Z-a_python",
        ".pdd/safety/20200101T000000Z-a_python",
    ]
    assert shown.lines[-1] == "3 to remove, 1.5 kB: `doit cache gc --yes` removes them"
    gone = collected(project(tmp_path), Wish(remove=True))
    assert gone.lines[-1] == "removed 3, 1.5 kB"
    assert gone.value["removed"] is True
    assert [one.id for one in SafetyCopies(tmp_path).listed()] == [
        "20200103T000000Z-a_python"
    ]
    assert collected(project(tmp_path), Wish(remove=True)).lines == [
        "nothing to remove"
    ]


@needs_git
def test_a_project_in_sync_loses_nothing_and_stays_in_sync(synced):
    git(synced, "init", "-q")
    git(synced, "add", "-A")
    git(synced, "commit", "-qm", "x")
    before = synced.files()

    said = synced.doit("cache", "gc", "--yes", "--json")

    assert said.code == 0, said.text
    assert json.loads(said.out) == {"schema": 1, "removed": True, "spare": []}
    assert unchanged(before, synced.files())
    assert synced.pending() == []


@needs_git
def test_old_replies_go_only_if_asked_for_and_if_git_ignores_them(synced):
    git(synced, "init", "-q")
    kinds = sorted(path.name for path in (synced.root / ".pdd/cache").iterdir())
    assert "generate" in kinds
    synced.write(".pdd/.gitignore", "")
    assert spare_replies(synced.root, LATER) == ()
    synced.write(".gitignore", ".pdd/cache/test/\n.pdd/cache/verify/\n")
    git(synced, "add", "-f", ".pdd/cache/verify")
    [entry] = (synced.root / ".pdd/cache/test").iterdir()
    broken = entry.with_name("x.json")
    broken.write_bytes(b"{")
    text = entry.read_text()
    assert spare_replies(synced.root, LATER) == ()  # the fingerprint names it
    shutil.rmtree(synced.root / ".pdd/meta")
    [found] = spare_replies(synced.root, LATER)
    assert synced.root / found.path == entry
    assert spare_replies(synced.root, datetime(2000, 1, 1, tzinfo=UTC)) == ()

    old = json.loads(text) | {"recorded_at": "2020-01-01T00:00:00Z"}
    entry.write_text(json.dumps(old))
    assert synced.doit("cache", "gc", "--yes").code == 0
    assert entry.exists()
    said = synced.doit("cache", "gc", "--days", "30", "--replies", "--yes")
    assert said.code == 0, said.text
    assert not entry.exists()
    assert broken.exists()


def test_sizes_are_shown(tmp_path):
    folder = unit_project(tmp_path, "a")
    folder.write(".pdd/baseline/x", "12")
    said = measured(project(tmp_path))
    assert said.lines == [".pdd/baseline: 1 files, 2 B", ".: 0 safety copies in git"]
    cli = folder.doit("cache", "size")
    assert cli.out.splitlines()[-2:] == list(said.lines)


@pytest.mark.parametrize(
    "words", [[], ["gcc"], ["gc", "size"], ["gc", "--days", "0"]], ids=" ".join
)
def test_other_words_are_refused(tmp_path, words):
    folder = unit_project(tmp_path, "a")
    said = folder.doit("cache", *words)
    assert said.code == 3, said.text
    assert "doit cache wants" in said.err


def test_a_state_that_cannot_be_read_is_no_traceback(tmp_path):
    folder = unit_project(tmp_path, "a")
    folder.write(".pdd/meta/a_python.json", "{}")
    os.symlink("nowhere", tmp_path / ".pdd/meta/odd")  # noqa: PTH211
    said = folder.doit("cache", "gc")
    assert said.code == 1
    assert said.err.startswith("cannot look for what nothing needs")


@pytest.mark.parametrize(
    "words, expected",
    [
        ("a --yes b", "--yes a b"),
        ("a --days 3 b", "--days 3 a b"),
        ("a --days=3 -n b", "--days=3 -n a b"),
        ("a --days", "--days a"),
        ("a --other b", "a --other b"),
    ],
    ids=str,
)
def test_options_come_first(words, expected):
    options = (
        {"long": "yes", "type": bool},
        {"long": "days", "type": int},
        {"long": "dry-run", "short": "n", "type": bool},
    )
    assert options_first(words.split(), options) == expected.split()


@pytest.mark.parametrize(
    "size, expected",
    [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (2e6, "2.0 MB"), (3e9, "3.0 GB")],
    ids=str,
)
def test_sizes_are_for_people(size, expected):
    assert sized(size) == expected
