"""Units that need each other, synced one by one with the examples that stand."""

import json
import shutil

import pytest
from circles import asked, circle, prompt, restless
from project import Project


RING = {"a": "b", "b": "c", "c": "a"}
WAVE = "the prompt changed: examples/b_example.py (included; additive"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return two units that need each other and one that needs one of them, synced."""
    root = tmp_path_factory.mktemp("pair") / "project"
    project = circle(root, {"a": "b", "b": "a", "x": "b"})
    said = project.doit("sync")
    return project, said, asked(project)


@pytest.fixture
def pair(made, tmp_path):
    """Return a copy of the three units in sync."""
    first, _, _ = made
    root = tmp_path / "project"
    shutil.copytree(first.root, root)
    ask = root / "tools/ask.py"
    ask.write_text(ask.read_text().replace(str(first.root), str(root)))
    return Project(root)


def test_the_first_is_made_without_the_other_and_anew_when_that_stands(made):
    project, said, requests = made

    assert said.code == 0, said.text
    assert requests[:5] == [
        "a generate",
        "a example",
        "b generate",
        "b example",
        "a generate",
    ]
    assert requests[5:] == ["x generate", "x example"]
    assert "made without examples/b_example.py: it is not there yet" in said.out
    assert f"first a_python generate: generate, since {WAVE}" in said.out
    assert project.pending() == []


def test_a_second_sync_does_nothing(pair):
    before = pair.files()

    said = pair.doit("sync")

    assert "3 units in sync; nothing to do" in said.out
    assert asked(pair) == []
    assert pair.files() == before


def test_all_edges_are_on_record_and_in_the_graph(pair):
    recorded = json.loads(pair.read(".pdd/meta/dependency_graph.json"))["units"]
    drawn = json.loads(pair.doit("graph", "--format", "json").out)

    needs = {"a_python": ["b_python"], "b_python": ["a_python"]}
    assert recorded == {**needs, "x_python": ["b_python"]}
    edges = {(edge["unit"], edge["needs"]) for edge in drawn["edges"]}
    assert edges >= {("a_python", "b_python"), ("b_python", "a_python")}
    assert drawn["circles"] == [["a_python", "b_python"]]


def test_a_change_runs_round_until_interfaces_stay_as_they_are(pair):
    pair.write("prompts/b_python.prompt", prompt("b", "a", "more"))

    said = pair.doit("run", "-n", "4", "-P", "thread", "sync:a_python")

    assert said.code == 0, said.text
    assert asked(pair) == ["b generate", "b example", "a generate"]
    assert pair.pending("a", "b") == []


def test_what_is_said_of_a_unit_names_those_that_it_waits_for(pair):
    pair.write("prompts/b_python.prompt", prompt("b", "a", "more"))
    (pair.root / "examples/a_example.py").unlink()

    said = pair.doit("pending", "b")

    assert "a_python and b_python need each other: made one by one" in said.out
    assert "; examples/a_example.py is not there yet" in said.out


def test_units_that_never_agree_end_by_name_and_leave_what_stands(pair):
    restless(pair, "a", "b")
    pair.write("prompts/b_python.prompt", prompt("b", "a", "more"))

    said = pair.doit("sync")

    assert said.code == 2, said.text
    assert "it was made anew 3 times, and what it includes changed again" in said.out
    assert "a_python and b_python need each other and do not come to rest" in said.out
    requests = asked(pair)
    assert max(requests.count("a generate"), requests.count("b generate")) <= 4
    assert "x generate" not in requests
    restless(pair)
    assert pair.doit("sync").code == 0
    assert pair.pending() == []


def test_a_unit_that_fails_keeps_those_that_need_it_from_being_done(pair):
    pair.write("prompts/b_python.prompt", prompt("b", "a", "1bad"))
    pair.write("prompts/y_python.prompt", prompt("y", ""))

    said = pair.doit("sync")

    assert said.code == 2
    assert "b_python generate: no usable reply" in said.out
    assert "2 units, because of b_python" in said.out
    assert "done: 1 unit" in said.out


def test_circles_are_refused_where_nobody_asked_otherwise(pair):
    pair.write(".pddrc", pair.read(".pddrc").replace("      cycles: condense\n", ""))
    pair.write("prompts/y_python.prompt", prompt("y", ""))

    said = pair.doit("sync")

    assert said.code == 2
    way = "units include each other's examples in a cycle: a_python -> b_python"
    assert said.out.splitlines()[1].startswith(f"not synced: {way} -> a_python")
    assert "`cycles: condense`" in said.out
    assert way in pair.doit("sync:x").out.splitlines()[1]
    assert way not in pair.doit("sync:y").out
    assert asked(pair) == ["y generate", "y example"]
    assert pair.doit("sync", "cycles=condense").code == 0


@pytest.fixture(scope="module")
def ring(tmp_path_factory):
    """Return three units in a ring, and what the first sync of them asked."""
    project = circle(tmp_path_factory.mktemp("ring") / "project", RING)
    said = project.doit("run", "-n", "3", "-P", "thread", "sync")
    assert said.code == 0, said.text
    return project, asked(project)


def test_a_ring_is_made_against_its_needs_but_for_one(ring):
    project, requests = ring

    made = [line for line in requests if line.endswith("generate")]
    assert made == ["a generate", "c generate", "b generate", "a generate"]
    assert "3 units, none pending" in project.doit("list").out


def test_signs_reach_all_of_a_ring(ring):
    project, _ = ring

    for word in ("+a", "a+", "@c"):
        found = json.loads(project.doit("pending", "--json", word).out)["units"]
        assert [one["unit"] for one in found] == ["a_python", "c_python", "b_python"]
    assert project.doit("sync:c+:test").code == 0


@pytest.mark.slow
def test_with_verdicts_and_tests_a_circle_comes_to_rest_as_well(tmp_path):
    project = circle(tmp_path / "project", {"a": "b", "b": "a"})
    words = ("run", "-n", "4", "-P", "thread", "sync", "profile=standard")

    said = project.doit(*words)

    assert said.code == 0, said.text
    requests = asked(project)
    assert requests[:5] == [
        "a generate",
        "a example",
        "b generate",
        "b example",
        "a generate",
    ]
    assert sorted(requests[5:]) == ["a test", "a verify", "b test", "b verify"]
    assert "2 units in sync; nothing to do" in project.doit(*words).out
    assert asked(project) == []
