"""A formatter in a whole sync, asked of a model on this machine."""

import sys

import pytest
from calculator_texts import CODE, TESTS, fenced
from model_server import ModelServer, Say
from surface import good, kinds, live, server_of, unit_project


UGLY = CODE.replace("a + b", "a+b").replace("\n\n\n", "\n")
UGLY_TESTS = TESTS.replace("(1, 2) == 3", "( 1,2 )==3")
RUFF = f"""\
python:
  format: [{sys.executable}, -m, ruff, format, --no-cache, --stdin-filename, "{{file}}"]
"""


@pytest.mark.slow
def test_what_a_sync_generates_is_formatted_and_it_comes_to_rest(tmp_path):
    project = unit_project(tmp_path, "calculator")
    project.write("languages.yaml", RUFF)

    with server_of(generate=fenced(UGLY), test=fenced(UGLY_TESTS)) as server:
        first = project.doit(*live(server), OPENAI_API_KEY="sk-unused")
        before = project.files()
        second = project.doit(*live(server), OPENAI_API_KEY="sk-unused")

    assert first.code == 0, first.text
    assert project.read("src/calculator.py") == CODE
    assert project.read("tests/test_calculator.py") == TESTS
    assert second.out == "sync: 1 unit in sync; nothing to do\n"
    assert project.files() == before


def test_a_formatter_that_is_not_there_is_refused_before_anything_is_asked(tmp_path):
    project = unit_project(tmp_path, "calculator")

    with ModelServer([Say(good("generate"))]) as server:
        words = live(server, "format=no-such-formatter -q -")
        said = project.doit(*words, OPENAI_API_KEY="sk-unused")

    assert said.code == 3, said.text
    assert "the setting format is `no-such-formatter -q -`, but" in said.text
    assert kinds(server) == []
    assert not (project.root / "src").exists()
