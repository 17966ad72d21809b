"""Units synced at once and one after the other: the same comes of both."""

import re
from collections import Counter

import pytest
from model_server import Answer, Body, ModelServer, Say, last_user_message
from stages import state
from surface import good, kind, live, through_litellm, unit_project


NAMES = tuple(f"u{number:02}" for number in range(24))
NEEDY = """\
Write a calculator.

- `add` returns the sum of two numbers.
- `sub` returns their difference.

<include>examples/{needed}_example.py</include>
"""
DONE = re.compile(r"^(\w+)_python ([a-z-]+): .*$", re.MULTILINE)


def answer(body: Body) -> Answer:
    """Return what makes the unit that is asked for."""
    named = re.findall(r"`(?:src|examples|tests)/(?:test_)?(u\d\d)", asked(body))
    return Say(good(kind(body), named[-1] if named else "calculator"))


def asked(body: Body) -> str:
    return last_user_message(body)


def synced(folder, names, *words, needs=()):
    """Return units made by a server, in a project of their own, and what was said."""
    project = unit_project(folder / "project", *names)
    for name, needed in needs:
        project.write(f"prompts/{name}_python.prompt", NEEDY.format(needed=needed))
    with ModelServer(answer) as server:
        settings = ("max_calls=1000", "stability_runs=1")
        said = project.doit(*through_litellm(server, "run", *words)[:-1], *settings)
    assert said.code == 0, said.text
    return project, said


def made(project):
    """Return what a sync left, apart from times, its log, and local state."""
    found = state(project)
    return {name: data for name, data in found.items() if "/txn" not in name}


def test_threads_are_what_runs_units_at_once_by_default(tmp_path):
    project = unit_project(tmp_path, "one")
    refused = project.doit("run", "-n", "2", "-P", "process")
    assert refused.code == 3
    assert "-P process cannot share one budget and one set of locks" in refused.text
    assert "hint: use `-P thread`" in refused.text
    assert "Traceback" not in refused.text
    assert not (project.root / ".pdd").exists()
    with ModelServer(answer) as server:
        said = project.doit(
            "run", "-n", "2", *live(server, "sync:one_python:auto-deps")
        )
    assert said.code == 0, said.text


@pytest.mark.slow
def test_whole_units_made_at_once_are_those_made_in_turn(tmp_path):
    names, needs = NAMES[:4], (("u01", "u00"),)
    in_turn, _ = synced(tmp_path / "a", names, needs=needs)
    at_once, said = synced(tmp_path / "b", names, "-n", "4", needs=needs)
    assert made(at_once) == made(in_turn)
    assert at_once.pending() == []
    done = DONE.findall(said.out)
    assert set(Counter(done).values()) == {1}
    for name in names:
        mine = [step for unit, step in done if unit == name]
        assert mine[:5] == ["auto-deps", "generate", "example", "crash", "verify"]
    assert done.index(("u00", "crash")) < done.index(("u01", "generate"))
