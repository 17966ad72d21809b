"""For what reasons tests fail, as pytest says it, and which of them show a bug."""

from pathlib import PurePosixPath

import pytest
from memory_project import unit

from pdd_tasks.adapters.python.runner import PytestRunner
from pdd_tasks.engine.material import local_id
from pdd_tasks.engine.steps.bug_proof import mistake
from pdd_tasks.plugin.languages import load_languages


CODE = """\
import json

import part


def value():
    return 1


def parsed(text):
    return json.loads(text)


def halved(number):
    assert number % 2 == 0, "odd"
    return number // 2


def missing():
    return nowhere


def deep():
    return part.broken()


def ended():
    raise SystemExit(3)


class Box:
    @property
    def size(self):
        return {}["size"]
"""
PART = "def broken():\n    raise ValueError('broken')\n"
SHOWING = {
    "compares": "assert code.value() == 2",
    "says_why": "assert code.value() == 2, 'it is two'",
    "raises_not": "with pytest.raises(ValueError):\n        code.value()",
    "fails": "pytest.fail('it should')",
    "by_a_helper": "expect(code.value(), 2)",
    "in_a_library": "code.parsed('{')",
    "in_an_assertion": "code.halved(1)",
    "by_a_name": "code.missing()",
    "further_down": "code.deep()",
    "ends": "code.ended()",
    "in_a_property": "code.Box().size",
    "other_raised": "with pytest.raises(KeyError):\n        code.deep()",
}
MISTAKEN = {
    "unknown_name": "assert code.value() == nowhere",
    "unknown_function": "assert code.walue() == 1",
    "wrong_call": "assert code.value(1) == 1",
    "wrong_type": "assert code.value() + 'x'",
    "own_exception": "raise ValueError(code.value())",
    "own_import": "import no_such_module",
    "own_index": "[code.value()][5]",
}
HEAD = """\
import pytest

import code_under_test as code


def expect(found, wanted):
    assert found == wanted


@pytest.fixture
def asserting():
    raise RuntimeError("not set up")


def test_no_fixture(no_such_fixture):
    assert code.value() == 2


def test_bad_fixture(asserting):
    assert code.value() == 2


"""


@pytest.fixture(scope="module")
def reasons(tmp_path_factory):
    """Return local test id → why it shows no bug, of tests that all failed."""
    root = tmp_path_factory.mktemp("reasons")
    bodies = {**SHOWING, **MISTAKEN}
    tests = HEAD + "\n\n".join(
        f"def test_{name}():\n    {body}\n" for name, body in bodies.items()
    )
    files = {
        "src/code_under_test.py": CODE,
        "src/part.py": PART,
        "tests/test_code_under_test.py": tests,
    }
    for path, text in files.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text)
    one = unit("code_under_test", language=load_languages(root)["python"])
    with PytestRunner(root).bench(one) as bench:
        run = bench.tests({}, measure=False)
    assert set(run.results.values()) == {"failed"}, run.output
    assert len(run.results) == len(bodies) + 2
    assert one.test == PurePosixPath("tests/test_code_under_test.py")
    return {local_id(f.test): mistake(one, f) for f in run.failures}


@pytest.mark.parametrize("name", SHOWING)
def test_what_the_code_does_shows_a_bug(reasons, name):
    assert reasons[f"test_{name}"] == ""


@pytest.mark.parametrize("name", [*MISTAKEN, "no_fixture", "bad_fixture"])
def test_what_the_test_does_shows_none(reasons, name):
    assert reasons[f"test_{name}"].startswith("it is a mistake of the test: ")
