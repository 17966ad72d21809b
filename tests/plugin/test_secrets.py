"""Planted secrets, everywhere they can come from, are in nothing that is written."""

import base64
import html
import json
import shlex
from collections.abc import Callable, Mapping
from urllib.parse import quote

import pytest
from calculator_texts import CODE, E, P, fenced, judged, named
from model_server import Answer, Body, ModelServer, Say, Status, last_user_message
from surface import good, kind, through_litellm, unit_project


PEM = """\
-----BEGIN TEST KEY-----
MIIplanted8c1fA90qTzW3eRr5yUuIiOoPp
ZxCvBnM0planted77aSdFgHjKl12QwErTy
-----END TEST KEY-----"""
PLANTED = {
    "OPENAI_API_KEY": "sk-planted-7f3a9c51d2e84b60",
    "SERVICE_TOKEN": "planted/tok+en é'\"<&> 42",
    "DB_PASSWORD": "planted pass\\word $42!",
    "SIGNING_KEY": PEM,
    "MY_SECRET": "planted-on-the-line-5150",
}
MARK = "planted"
ENCODINGS: Mapping[str, Callable[[str], str]] = {
    "raw": str,
    "json": lambda text: json.dumps(text)[1:-1],
    "url": lambda text: quote(text, safe=""),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64-shifted": lambda text: base64.b64encode(f"u:{text}\n".encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "upper-hex": lambda text: text.encode().hex().upper(),
    "html": html.escape,
    "repr": lambda text: repr(text)[1:-1],
    "shell": shlex.quote,
}
STATE = {".env", ".pddrc", "dodo.py"}
NOISY = """\
import base64, html, json, os, shlex, sys
from pathlib import Path
from urllib.parse import quote

from calculator import add

for text in (Path(".env").read_text(), os.environ.get("SERVICE_TOKEN", "")):
    for line in (text, *text.splitlines(), *text.split("=")):
        data = line.encode()
        print(line, repr(line), json.dumps(line), quote(line), html.escape(line))
        print(base64.b64encode(data), data.hex(), data.hex().upper(), shlex.quote(line))
print(add(1, 2), file=sys.stderr)
raise RuntimeError(f"cannot log in with {os.environ['SERVICE_TOKEN']}")
"""


def every_form():
    """Return each planted value in each encoding."""
    return {
        (name, encoding): encode(value)
        for name, value in PLANTED.items()
        for encoding, encode in ENCODINGS.items()
    }


def leaks(text):
    """Return which planted values a text holds, and in which encoding."""
    found = {key for key, form in every_form().items() if form in text}
    lines = [line for line in PEM.split("\n") if MARK in line]
    return found | {("SIGNING_KEY", "line") for line in lines if line in text}


def plant(project):
    """Put secrets into a project's files."""
    password = PLANTED["DB_PASSWORD"]
    project.write(".env", f"export DB_PASSWORD='{password}'\nSIGNING_KEY=\"{PEM}\"\n")
    project.write(
        ".pddrc",
        "contexts:\n  default:\n    defaults:\n      environment: [SERVICE_TOKEN]\n",
    )


def answers(prompt):
    """Return a script: leaking replies first, then good ones."""
    asked: list[str] = []

    def answer(body: Body) -> Answer:
        if "### What went wrong" in last_user_message(body):
            asked.append("crash")
            return Say(
                named(E, good("example").split("```python\n")[1].split("```")[0])
            )
        first = next(m for m in body["messages"] if m["role"] == "user")
        asked.append(kind({"messages": [first]}))
        if asked.count("generate") <= 2 and asked[-1] == "generate":
            said = "\n".join(f"# {form!r}" for form in every_form().values())
            return Say(fenced(f"{CODE}\n{said}\nKEY = {PLANTED['DB_PASSWORD']!r}\n"))
        if asked[-1] == "example":
            return Say(fenced(NOISY))
        return Say(judged(prompt) if asked[-1] == "verify" else good(asked[-1]))

    return asked, answer


def variables():
    return {name: PLANTED[name] for name in ("OPENAI_API_KEY", "SERVICE_TOKEN")}


@pytest.fixture(scope="module")
def synced_with_secrets(tmp_path_factory):
    """Return a project synced with planted secrets, and all that was said."""
    project = unit_project(tmp_path_factory.mktemp("secrets"), "calculator")
    plant(project)
    project.write(
        P, f"{project.read(P)}\nThe test password is planted pass\\word $42!\n"
    )
    every = " ".join(every_form().values())
    with ModelServer([Status(401, message=f"wrong key: {every}")]) as server:
        words = through_litellm(
            server, "sync:calculator", f"my_secret={PLANTED['MY_SECRET']}"
        )
        refused = project.doit(*words, **variables())
    asked, answer = answers(project.read(P))
    with ModelServer(answer) as server:
        words = through_litellm(
            server, "sync:calculator", f"my_secret={PLANTED['MY_SECRET']}"
        )
        words = (*words, "output_cost=costs.csv", "max_attempts=4")
        done = project.doit("-v", "2", *words, **variables())
    return project, refused, done, asked


def test_everything_planted_is_met_and_the_sync_ends_well(synced_with_secrets):
    _, refused, done, asked = synced_with_secrets
    assert refused.code != 0
    assert "wrong key" in refused.text
    assert done.code == 0, done.text
    assert asked[:4] == ["generate", "generate", "generate", "example"]
    assert "crash" in asked


def test_nothing_that_was_written_holds_a_secret(synced_with_secrets):
    project, *_ = synced_with_secrets
    prompt = project.read(P).encode()  # a person wrote it, and there is its baseline
    found = {
        name: leaks(data.decode(errors="replace"))
        for name, data in project.contents().items()
        if name not in STATE and data != prompt
    }
    assert {name: held for name, held in found.items() if held} == {}


def test_nothing_that_was_said_holds_a_secret(synced_with_secrets):
    _, refused, done, _ = synced_with_secrets
    assert leaks(refused.text) == set()
    assert leaks(done.text) == set()
    assert "[redacted:OPENAI_API_KEY#" in refused.text


def test_the_log_says_what_failed_without_secrets(synced_with_secrets):
    project, *_ = synced_with_secrets
    said = project.doit("log", "--status", "failed")
    assert leaks(said.text) == set()
    assert "[redacted:OPENAI_API_KEY#" in said.out


def test_a_secret_in_a_prompt_is_warned_about_once_and_sent(synced_with_secrets):
    _, refused, done, _ = synced_with_secrets
    for said in (refused, done):
        lines = [one for one in said.err.splitlines() if "the value of DB_PAS" in one]
        assert len(lines) == 1
        assert "is sent as it is" in lines[0]


def test_a_replay_walks_the_recorded_path(synced_with_secrets, tmp_path):
    project, *_ = synced_with_secrets
    again = unit_project(tmp_path, "calculator")
    plant(again)
    again.write(P, project.read(P))
    for path, data in project.contents().items():
        if path.startswith(".pdd/cache/"):
            again.write(path, data.decode())

    words = ("model=openai/test", "replies=replay", "max_attempts=4")
    said = again.doit("sync:calculator", *words, SERVICE_TOKEN=PLANTED["SERVICE_TOKEN"])

    assert said.code == 0, said.text
    for path in ("src/calculator.py", E, "tests/test_calculator.py"):
        assert again.read(path) == project.read(path)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("pending",), id="setting"),
        pytest.param(("pending", "max_calls=planted-on-the-line-5150"), id="variable"),
        pytest.param(("sync:sk-planted-7f3a9c51d2e84b60",), id="word"),
    ],
)
def test_an_error_shows_no_secret(tmp_path, words):
    project = unit_project(tmp_path, "calculator")
    if words == ("pending",):
        defaults = "max_tokens: planted-on-the-line-5150"
        project.write(
            ".pddrc", f"contexts:\n  default:\n    defaults:\n      {defaults}\n"
        )
    names = {"MY_SECRET": PLANTED["MY_SECRET"]}
    said = project.doit(*words, **names, OPENAI_API_KEY=PLANTED["OPENAI_API_KEY"])
    assert said.code != 0
    assert "[redacted:" in said.text
    assert leaks(said.text) == set()
    assert not (project.root / ".pdd").exists()
