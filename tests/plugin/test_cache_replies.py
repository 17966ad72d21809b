"""``doit cache verify`` and ``stats``, and which replies ``gc`` leaves."""

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from project import Project as Folder
from surface import git, server_of, through_litellm, unit_project

from pdd_tasks.adapters.models.reply_entry import Entry
from pdd_tasks.adapters.models.spare_replies import answered_requests, spare_replies
from pdd_tasks.plugin.collection import Wish, collected
from pdd_tasks.plugin.project import Project
from pdd_tasks.plugin.replies import statistics, verified


LATER = datetime(2100, 1, 1, tzinfo=UTC)
GENERATE = "sync:calculator_python:generate"


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """Return a project with one recorded reply, which no test changes."""
    project = unit_project(tmp_path_factory.mktemp("first") / "project", "calculator")
    with server_of() as server:
        assert project.doit(*through_litellm(server, GENERATE)).code == 0
    return project


@pytest.fixture
def recorded(first, tmp_path):
    """Return a project with one recorded reply, and its file."""
    root = tmp_path / "project"
    shutil.copytree(first.root, root)
    [path] = (root / ".pdd/cache/generate").glob("*.json")
    return Folder(root), path


def project_in(folder):
    return Project(folder.root, (".",), {}, lambda _: None)


def look(folder, *, fix=False):
    """Return what is said of the replies, as lines, and whether one is broken."""
    said, is_broken = verified(project_in(folder), fix=fix)
    return said, is_broken


def entry_of(path):
    return Entry.parse(path.read_bytes(), path.stem)


def other_answer(path, text="another answer"):
    entry = entry_of(path)
    return replace(entry, reply=replace(entry.reply, text=text)).form()


def test_sound_replies_are_counted(recorded):
    project, _ = recorded
    said, is_broken = look(project)
    assert (said.lines, is_broken) == (["1 sound, 0 not"], False)


def test_what_is_broken_is_shown_and_stays_until_it_is_to_be_mended(recorded):
    project, path = recorded
    path.write_bytes(path.read_bytes()[:100])
    before = project.contents()

    said = project.doit("cache", "verify")

    assert said.code == 1
    assert f".pdd/cache/generate/{path.name} is not JSON" in said.out
    assert "doit cache verify --fix" in said.out
    assert project.contents() == before


def test_what_is_broken_is_put_aside_and_then_all_is_well(recorded):
    project, path = recorded
    broken = path.read_bytes()[:100]
    path.write_bytes(broken)

    said, is_broken = look(project, fix=True)

    aside = f".pdd/cache/quarantine/generate-{path.name}"
    assert not is_broken
    [fault] = said.value["faults"]
    assert (fault["aside"], fault["settled"]) == (aside, False)
    assert (project.root / aside).read_bytes() == broken
    assert not path.exists()
    assert look(project)[0].lines == ["0 sound, 0 not"]


def test_a_conflict_is_settled_for_the_lower_answer(recorded):
    project, path = recorded
    mine, theirs = path.read_bytes().decode(), other_answer(path).decode()
    path.write_text(f"<<<<<<< a\n{mine}=======\n{theirs}>>>>>>> b\n")
    assert look(project)[1]
    said, _ = look(project, fix=True)
    assert "the answer with the lower digest stands" in said.lines[0]
    assert path.read_text() in {mine, theirs}


def test_a_sound_second_file_takes_the_place_of_a_broken_one_for_good(recorded):
    project, path = recorded
    sound = path.read_bytes()
    path.with_name(f"{path.stem} 2.json").write_bytes(sound)
    path.write_bytes(sound[:100])
    look(project, fix=True)
    assert path.read_bytes() == sound
    assert look(project)[0].lines == ["1 sound, 0 not"]


def test_a_second_file_for_one_request_is_settled_too(recorded):
    project, path = recorded
    first, second = path.read_bytes(), other_answer(path)
    twin = path.with_name(f"{path.stem} (conflicted copy).json")
    results = set()
    for one, other in ((first, second), (second, first)):
        path.write_bytes(one)
        twin.write_bytes(other)
        said, _ = look(project, fix=True)
        assert "is a second answer to one request" in said.lines[0]
        assert not twin.exists()
        results.add(path.read_bytes())
    assert len(results) == 1


def test_hits_misses_and_what_was_saved_are_counted(recorded):
    project, path = recorded
    entry = entry_of(path)
    path.write_bytes(replace(entry, reply=replace(entry.reply, cost=250_000)).form())
    (project.root / "src/calculator.py").unlink()
    assert project.doit(GENERATE, "model=openai/test", "replies=replay").code == 0

    value = json.loads(project.doit("cache", "stats", "--json").out)

    assert "found 1, asked 1; saved $0.2500" in statistics(project_in(project)).lines[0]
    [row] = value["replies"]
    assert (row["kind"], row["entries"], row["project"], row["asked"]) == (
        *("generate", 1),
        *(1, 1),
    )
    assert value["total"]["saved"] == 250_000


FINGERPRINT = ".pdd/meta/calculator_python.json"


def spare_names(project):
    """Return the names of the replies that may go."""
    return {spare.path.name for spare in spare_replies(project.root, LATER)}


def forgotten(project):
    """Make the project's records name another reply than the one it has."""
    path = project.root / FINGERPRINT
    value = json.loads(path.read_text())
    value["steps"]["generate"]["replies"] = ["0" * 64]
    path.write_text(json.dumps(value))


def aged(path):
    """Make a reply an old one."""
    stored = json.loads(path.read_text())
    path.write_text(json.dumps({**stored, "recorded_at": "2020-01-01T00:00:00Z"}))


def test_a_step_names_the_replies_that_it_was_made_from(recorded):
    project, path = recorded
    value = json.loads((project.root / FINGERPRINT).read_text())
    assert value["steps"]["generate"]["replies"] == [path.stem]


def test_gc_keeps_the_replies_that_the_present_state_was_made_from(recorded):
    project, path = recorded
    git(project, "init", "-q")
    assert spare_names(project) == set()
    forgotten(project)
    assert spare_names(project) == {path.name}


def test_gc_keeps_the_replies_that_the_top_of_any_branch_was_made_from(recorded):
    project, path = recorded
    git(project, "init", "-q", "-b", "main")
    git(project, "add", ".")
    git(project, "commit", "-qm", "synced")
    git(project, "checkout", "-qb", "other")
    forgotten(project)
    git(project, "commit", "-qam", "made anew")
    assert spare_names(project) == set()
    git(project, "branch", "-qD", "main")
    assert spare_names(project) == {path.name}


def test_gc_keeps_what_a_branch_needs_of_a_project_in_a_folder(recorded, tmp_path):
    project, path = recorded
    top = Folder(tmp_path)
    git(top, "init", "-q", "-b", "main")
    git(top, "add", ".")
    git(top, "commit", "-qm", "synced")
    forgotten(project)
    assert spare_names(project) == set()
    git(top, "commit", "-qam", "made anew")
    assert spare_names(project) == {path.name}


@pytest.mark.parametrize("what", [".pdd/meta", FINGERPRINT])
def test_gc_takes_no_reply_where_git_does_not_say_what_branches_need(recorded, what):
    project, path = recorded
    git(project, "init", "-q", "-b", "main")
    git(project, "add", ".")
    git(project, "commit", "-qm", "synced")
    forgotten(project)
    aged(path)
    [lost] = git(project, "rev-parse", f"HEAD:{what}").split()
    (project.root / f".git/objects/{lost[:2]}/{lost[2:]}").unlink()
    before = project.contents()
    said = project.doit("cache", "gc", "--replies", "--yes")
    assert said.code == 3
    assert "git does not say which replies the branches need" in said.err
    assert "without --replies" in said.err
    assert project.contents() == before


def test_gc_shows_with_dry_run_what_would_go(recorded):
    project, path = recorded
    git(project, "init", "-q")
    forgotten(project)
    aged(path)
    before = project.contents()
    said = project.doit("cache", "gc", "--replies", "--yes", "--dry-run")
    assert (said.code, project.contents()) == (0, before)
    assert f"{path.name}: an old reply that git ignores" in said.out
    project.doit("cache", "gc", "--replies", "--yes")
    assert not path.exists()


def test_what_a_person_answered_goes_once_it_is_recorded(recorded):
    project, path = recorded
    stem = f".pdd/manual/calculator_python-generate-{path.stem[:16]}"
    for name in (f"{stem}.md", f"{stem}.answer.md"):
        project.write(name, "x")
    project.write(f".pdd/manual/calculator_python-test-{'0' * 16}.answer.md", "x")

    found = answered_requests(project.root)

    assert [str(one.path) for one in found] == [f"{stem}.answer.md", f"{stem}.md"]
    said = collected(project_in(project), Wish(remove=True))
    assert "the answer is recorded" in said.lines[0]
    left = [p.name for p in (project.root / ".pdd/manual").iterdir()]
    assert left == [f"calculator_python-test-{'0' * 16}.answer.md"]
