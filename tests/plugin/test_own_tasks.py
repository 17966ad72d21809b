"""Tasks of the user's own that change prompts before a unit has its turn."""

import shutil

import pytest
from circles import asked, circle, prompt
from project import DODO, Project


OWN = """
from pathlib import Path


def task_fetch():
    def work():
        for path, text in {texts!r}.items():
            Path(path).write_text(text)

    return {{"actions": [work]}}


def task_release():
    return {{"actions": ["echo released"], "task_dep": ["fetch", "sync:b_python"]}}
"""
A, B = "prompts/a_python.prompt", "prompts/b_python.prompt"


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """Return three units of which one needs another, in sync."""
    root = tmp_path_factory.mktemp("own") / "project"
    project = circle(root, {"a": "", "b": "a", "y": ""})
    assert project.doit("sync").code == 0
    asked(project)
    return project


@pytest.fixture(params=["dodo.py", "pyproject.toml"])
def door(request):
    return request.param


@pytest.fixture
def project(first, tmp_path):
    root = tmp_path / "project"
    shutil.copytree(first.root, root)
    ask = root / "tools/ask.py"
    ask.write_text(ask.read_text().replace(str(first.root), str(root)))
    return Project(root)


def fetching(project, door, texts):
    """Let the task `fetch` write some prompts."""
    own = OWN.format(texts=texts)
    project.write("dodo.py", own if door == "pyproject.toml" else f"{DODO}{own}")
    if door == "pyproject.toml":
        project.write(door, '[tool.doit]\nloader = "pdd"\n')


@pytest.mark.parametrize("words", ["fetch sync", "fetch sync:b", "release"])
def test_a_sync_sees_what_a_task_before_it_wrote(project, door, words):
    fetching(project, door, {A: prompt("a", "", "more")})

    said = project.doit(*words.split())

    assert said.code == 0, said.text
    assert asked(project) == ["a generate", "a example", "b generate"]
    assert project.pending() == []


def test_a_step_named_alone_sees_it_too(project):
    fetching(project, "dodo.py", {A: prompt("a", "", "more")})

    said = project.doit("fetch", "sync:a_python:generate")

    assert said.code == 0, said.text
    assert asked(project) == ["a generate"]


def test_what_a_prompt_includes_by_then_is_synced_first(project):
    project.write("prompts/y_python.prompt", prompt("y", "", "more"))
    fetching(project, "dodo.py", {B: prompt("b", "ay")})

    said = project.doit("fetch", "sync:b")

    assert said.code == 0, said.text
    assert asked(project) == ["y generate", "y example", "b generate"]
    assert "first y_python generate" in said.out


def test_a_prompt_that_was_mended_is_synced_and_a_new_one_told_of(project):
    project.write(B, "Write it.\n<include>")
    new = "prompts/new_python.prompt"
    fetching(project, "dodo.py", {B: prompt("b", "a", "more"), new: prompt("new", "")})

    said = project.doit("fetch", "sync")

    assert said.code == 0, said.text
    assert asked(project) == ["b generate", "b example"]
    assert f"{new} is new since this run began: `doit sync` takes it" in said.err


def test_a_circle_that_it_closes_is_refused_by_name(project):
    fetching(project, "dodo.py", {A: prompt("a", "b"), B: prompt("b", "a", "more")})

    said = project.doit("fetch", "sync")

    assert said.code != 0
    assert "in a cycle: a_python -> b_python -> a_python" in said.out
    assert "run `doit sync` again: it came to be during this run" in said.out
    assert project.doit("sync").code == 0


def test_a_task_that_writes_a_prompt_by_name_runs_before_its_unit(project, door):
    fetching(project, door, {A: prompt("a", "", "more")})
    dodo = project.read("dodo.py")
    named = f'"actions": [work], "targets": ["{A}"]'
    project.write("dodo.py", dodo.replace('"actions": [work]', named))

    said = project.doit("run", "-n", "2", "-P", "thread", "sync:b", "fetch")

    assert said.code == 0, said.text
    assert asked(project) == ["a generate", "a example", "b generate"]
