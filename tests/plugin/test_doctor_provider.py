"""``doit doctor --provider``: does anybody answer, who, and for how much?"""

import json

import pytest
from model_server import ModelServer, Say, Status
from surface import through_litellm, unit_project


SECRET = "sk-planted-7f3a9c51d2e84b60"  # noqa: S105 - planted, to be looked for


@pytest.fixture
def project(tmp_path):
    return unit_project(tmp_path / "project", "a", "b")


def test_nobody_is_asked_unless_that_is_wanted(project):
    with ModelServer() as server:
        said = project.doit("doctor", *through_litellm(server))
    assert said.code == 0, said.text
    assert server.requests == []


def test_each_model_is_asked_once_and_says_who_it_is_and_what_it_costs(project):
    with ModelServer([Say("ready", model="m-2026-01")]) as server:
        words = ("doctor", "--provider", "--json", *through_litellm(server))
        said = project.doit(*words, OPENAI_API_KEY=SECRET)
    assert said.code == 0, said.text
    assert len(server.requests) == 1
    assert json.loads(said.out)["providers"] == [
        {
            "who": f"openai/test at {server.url}",
            "units": 2,
            "answers": True,
            "model": "m-2026-01",
            "micro_dollars": None,
        }
    ]
    assert SECRET not in said.text


def test_who_does_not_answer_is_a_finding_with_the_way_out(project):
    with ModelServer([Status(401, message=f"wrong key {SECRET}")] * 9) as server:
        words = ("doctor", "--provider", *through_litellm(server))
        said = project.doit(*words, OPENAI_API_KEY=SECRET)
    assert said.code == 1
    assert len(server.requests) == 1
    assert f"openai/test at {server.url} does not answer" in said.out
    assert "(401)" in said.out
    assert "check the key" in said.out
    assert SECRET not in said.text


def test_what_lifts_a_limit_is_in_the_command(project):
    words = ("doctor", "--provider", "provider=command", "command=cat")
    said = project.doit(*words)
    assert said.code == 1
    assert "do: doit doctor --provider max_calls=20" in said.out
    assert project.doit(*words, "max_calls=20").code == 0


def test_a_key_that_is_missing_is_named_and_nothing_is_sent(project):
    said = project.doit("doctor", "--provider", "model=openai/gpt-5.4-mini")
    assert said.code == 1
    assert "OPENAI_API_KEY is not set" in said.out


def test_a_person_is_not_asked(project):
    said = project.doit("doctor", "--provider", "provider=manual")
    assert said.code == 0, said.text
    assert "a person (provider=manual)" in said.out
    assert not (project.root / ".pdd/manual").exists()
