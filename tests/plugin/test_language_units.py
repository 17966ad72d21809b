"""A unit of each language, made by its real tools: a folder below cases is a test."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from model_server import Answer, Body, ModelServer, Say
from project import Project
from surface import kind, kinds, live

from pdd_tasks.core.prompt.requirement import requirements
from pdd_tasks.plugin.languages import load_languages


CASES = Path(__file__).parents[1] / "cases" / "unit"
LANGUAGES = sorted(path.name for path in CASES.iterdir() if path.is_dir())
MEASURED = {"c", "cpp", "go", "javascript"}
WRONG = "mistake"  # in the name of the one test that does not hold


def missing(language):
    known = load_languages(CASES)[language]
    needed = [command for command, hint in known.tools.items() if hint]
    commands = [c.replace("{interpreter}", known.interpreter) for c in needed]
    return [command for command in commands if not runs(command.split())]


def runs(command):
    if not shutil.which(command[0]):
        return False
    ended = subprocess.run(command, capture_output=True, check=False)
    return ended.returncode == 0


def replies(language):
    folder = CASES / language
    found = {
        name: (folder / f"{name}.md").read_text()
        for name in ("generate", "example", "test")
    }
    items = [
        {"id": name, "verdict": "met", "quote": "clamp"}
        for name in requirements((folder / "prompt.md").read_text())
    ]
    return {**found, "verify": json.dumps({"requirements": items, "confidence": 1.0})}


@pytest.fixture(scope="module", params=[pytest.param(x, id=x) for x in LANGUAGES])
def made(request, tmp_path_factory):
    """Return a unit synced live, what was said, and what the model was asked."""
    language = request.param
    if gone := missing(language):
        pytest.skip(f"{', '.join(gone)} does not run here")
    project = Project.in_folder(tmp_path_factory.mktemp(f"{language}-unit"))
    prompt = (CASES / language / "prompt.md").read_text()
    project.write(f"prompts/clamp_{language}.prompt", prompt)
    said = replies(language)

    def answer(body: Body) -> Answer:
        return Say(said[kind(body)])

    with ModelServer(answer) as server:
        ended = project.doit(*live(server, f"sync:clamp_{language}"))
        again = project.files()
        second = project.doit(*live(server, f"sync:clamp_{language}"))
        return language, project, ended, server, again, second


def report(project, language):
    return json.loads(project.read(f".pdd/meta/clamp_{language}_run.json"))


def file_of_tests(project):
    return next(n for n in sorted(project.files()) if n.startswith("tests/"))


def test_a_prompt_becomes_code_an_example_and_tests_that_pass(made):
    language, project, said, server, _, _ = made
    assert said.code == 0, said.text
    assert kinds(server)[:4] == ["generate", "example", "verify", "test"]
    found = report(project, language)
    assert (found["exit_code"], found["tests_failed"]) == (0, 0)
    assert found["tests_passed"] == 4
    assert WRONG not in project.read(file_of_tests(project))


def test_coverage_is_measured_or_unknown_and_never_zero(made):
    language, project, _, _, _, _ = made
    coverage = report(project, language)["coverage"]
    assert coverage is None or coverage > 50
    assert coverage is not None or language not in MEASURED


def test_a_second_sync_does_nothing_and_changes_no_file(made):
    _, project, _, _, before, second = made
    assert second.out == "sync: 1 unit in sync; nothing to do\n"
    assert project.files() == before


def test_nothing_of_this_machine_is_in_what_is_asked(made):
    _, project, _, server, _, _ = made
    sent = json.dumps(server.requests)
    assert str(project.root) not in sent
    assert str(Path.home()) + "/" not in sent.replace("~/", "")
