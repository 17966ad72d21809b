"""Who answers: programs and people instead of a provider, end to end."""

import json
import sys
from pathlib import Path

import pytest
from calculator_texts import CODE
from surface import good, kinds, live, server_of, steps, unit_project


ANSWERS = """\
import json, sys
sys.path.insert(0, {tests!r})
from surface import good, kind
text = sys.stdin.read()
with open({log!r}, "a") as log:
    asked = kind({{"messages": [{{"role": "user", "content": text}}]}})
    log.write(asked + "\\n")
print(good(asked), end="")
"""


@pytest.fixture
def by_command(tmp_path):
    """Return a project whose replies come from a program, and the log of that."""
    project = unit_project(tmp_path / "project", "calculator")
    log = tmp_path / "asked"
    tests = str(Path(__file__).parents[1])
    project.write("tools/ask.py", ANSWERS.format(tests=tests, log=str(log)))
    project.write(
        ".pddrc",
        f"""\
version: "1.0"
contexts:
  default:
    defaults:
      provider: command
      command: [{json.dumps(sys.executable)}, "{{root}}/tools/ask.py"]
      endpoint: stand-in
      max_calls: 10
""",
    )
    return project, log


def test_a_program_answers_what_a_provider_would(by_command):
    project, log = by_command

    said = project.doit("sync:calculator_python:example")

    assert said.code == 0, said.text
    assert log.read_text().split() == ["generate", "example"]
    assert "cost unknown" in said.out
    assert project.read("src/calculator.py") == CODE


def test_what_a_program_said_is_replayed_without_it(by_command):
    project, log = by_command
    assert project.doit("sync:calculator_python:generate").code == 0
    log.unlink()
    (project.root / "tools/ask.py").unlink()
    (project.root / "src/calculator.py").unlink()

    said = project.doit("sync:calculator_python:generate", "replies=replay")

    assert said.code == 0, said.text
    assert "1 recorded reply" in said.out
    assert not log.exists()


def test_a_program_of_unknown_cost_needs_a_number_of_calls(by_command):
    project, log = by_command
    project.write(".pddrc", project.read(".pddrc").replace("      max_calls: 10\n", ""))

    said = project.doit("sync:calculator")

    assert said.code == 5, said.text
    assert "max_calls=20" in said.out
    assert not log.exists()


def test_no_command_is_refused(tmp_path):
    project = unit_project(tmp_path, "calculator")
    said = project.doit("sync:calculator", "provider=command")
    assert said.code == 3, said.text
    assert "claude, codex, gemini" in said.out


def waiting(project):
    """Return the requests that wait for a person."""
    names = {path.name for path in (project.root / ".pdd/manual").glob("*.md")}
    return [
        project.root / ".pdd/manual" / name
        for name in sorted(names)
        if not name.endswith(".answer.md")
        and f"{name.removesuffix('.md')}.answer.md" not in names
    ]


@pytest.mark.slow
def test_a_person_answers_step_by_step(tmp_path):
    project = unit_project(tmp_path, "calculator")
    order = []
    for _ in range(4):
        said = project.doit("sync:calculator", "provider=manual")
        assert said.code == 4, said.text
        assert "WAITS FOR YOU" in said.out
        assert "provider=manual" in said.out
        [request] = waiting(project)
        kind = request.name.split("-")[1]
        order.append(kind)
        request.with_name(f"{request.stem}.answer.md").write_text(good(kind))

    said = project.doit("sync:calculator", "provider=manual")

    assert said.code == 0, said.text
    assert order == ["generate", "example", "verify", "test"]
    assert project.read("src/calculator.py") == CODE
    assert project.doit("sync").out == "sync: 1 unit in sync; nothing to do\n"


def test_one_unit_that_waits_for_a_person_leaves_the_others_going(tmp_path):
    project = unit_project(tmp_path, "calculator", "other")
    said = project.doit("sync", "provider=manual")
    assert said.code == 4, said.text
    assert steps(said).count("generate") == 2
    assert len(waiting(project)) == 2


@pytest.mark.slow
def test_a_server_of_one_s_own_needs_no_key_and_may_be_free(tmp_path):
    project = unit_project(tmp_path, "calculator")
    with server_of() as server:
        project.write(
            ".pddrc",
            f"""\
version: "1.0"
contexts:
  default:
    defaults:
      model: openai/local
      api_base: {server.url}
      endpoint: workshop
      prices: {{local: {{input: 0, output: 0}}}}
""",
        )
        said = project.doit("sync:calculator_python:generate", "budget=0")

    assert said.code == 0, said.text
    assert kinds(server) == ["generate"]
    assert "1 live call, $0.0000" in said.out
    entries = [*(project.root / ".pdd/cache/generate").glob("*.json")]
    [entry] = [json.loads(path.read_bytes()) for path in entries]
    assert entry["request"]["endpoint"] == "workshop"
    assert server.url not in json.dumps(entry)


@pytest.mark.slow
def test_two_servers_with_a_model_of_one_name_share_no_key(tmp_path):
    project = unit_project(tmp_path, "calculator")
    generate = "sync:calculator_python:generate"
    with server_of() as one, server_of() as other:
        project.doit(*live(one, generate), "endpoint=one")
        (project.root / "src/calculator.py").unlink()
        said = project.doit(*live(other, generate), "endpoint=other")

    assert said.code == 0, said.text
    assert (kinds(one), kinds(other)) == (["generate"], ["generate"])


@pytest.mark.slow
def test_refresh_asks_again_and_live_then_reads_the_new_reply(tmp_path):
    project = unit_project(tmp_path, "calculator")
    generate = "sync:calculator_python:generate"
    with server_of() as server:
        project.doit(*live(server, generate))
        (project.root / "src/calculator.py").unlink()
        said = project.doit(*live(server, generate), "replies=refresh")
        assert "1 live call" in said.out
        (project.root / "src/calculator.py").unlink()
        again = project.doit(*live(server, generate))
    assert "1 recorded reply" in again.out
    assert kinds(server) == ["generate"] * 2


@pytest.mark.parametrize(
    "value, words, code",
    [
        pytest.param("true", (), 1, id="replays-by-default"),
        pytest.param("1", ("replies=live",), 0, id="unless-somebody-says-live"),
        pytest.param("false", (), 0, id="no-ci"),
    ],
)
def test_ci_asks_nobody(tmp_path, value, words, code):
    project = unit_project(tmp_path, "calculator")
    with server_of() as server:
        words_ = live(server, "sync:calculator_python:generate")
        found = [word for word in words_ if word != "replies=live"]
        said = project.doit(*found, *words, CI=value)
    assert said.code == code, said.text
    assert bool(server.requests) is (code == 0)
    assert ("nothing is recorded" in said.out) is bool(code)
