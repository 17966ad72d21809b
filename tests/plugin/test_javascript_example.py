"""The example in JavaScript from scratch, and again, with node's own test runner."""

import shutil

import pytest
from surface import owned


pytestmark = pytest.mark.skipif(not shutil.which("node"), reason="node is not here")
MADE = {
    "src/duration.js",
    "examples/duration_example.js",
    "tests/duration.test.js",
    ".pdd/meta/duration_javascript.json",
    ".pdd/meta/duration_javascript_run.json",
}


@pytest.fixture(scope="module")
def synced(tmp_path_factory):
    return owned("duration", tmp_path_factory.mktemp("duration"))


def test_it_is_made_from_its_recorded_replies(synced):
    project, said = synced
    assert said.code == 0, said.text
    assert project.contents().keys() >= MADE
    assert "13 passed" in said.out
    last = said.out.splitlines()[-1]
    assert last.startswith("sync: 1 unit in sync; 6 steps run; 0 live calls")


def test_a_second_run_does_nothing_and_changes_no_file(synced):
    project, _ = synced
    before = project.files()
    said = project.doit("sync")
    assert said.out == "sync: 1 unit in sync; nothing to do\n"
    assert project.files() == before


def test_a_change_of_comments_by_hand_is_taken_without_a_model(synced, tmp_path):
    project, _ = synced
    root = tmp_path / "duration"
    shutil.copytree(project.root, root)
    copy = type(project)(root)
    text = copy.read("src/duration.js")
    copy.write("src/duration.js", text.replace("/** Seconds in each unit", "/** Size"))
    said = copy.doit("sync")
    assert said.code == 0, said.text
    assert "only comments or layout of the code were edited" in said.out
    assert said.out.splitlines()[-1] == "sync: 1 unit in sync; 3 steps run"
    assert copy.read("src/duration.js").startswith("/** Size")


def test_an_edit_that_breaks_a_test_is_told_and_kept(synced, tmp_path):
    project, _ = synced
    root = tmp_path / "duration"
    shutil.copytree(project.root, root)
    copy = type(project)(root)
    text = copy.read("src/duration.js").replace('|| "0s"', '|| "nothing"')
    copy.write("src/duration.js", text)
    said = copy.doit("sync")
    assert said.code == 4, said.text
    assert "gives 0s for nothing" in said.text
    assert copy.read("src/duration.js") == text
