"""Random files of tests added to each other, some of them meant to do harm.

What holds for every sequence: the older tests are all there, byte for byte, and, run
for real, end as they did before.
"""

import ast
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from junitparser import JUnitXml

from pdd_tasks.adapters.python.syntax import PythonSyntax


SYNTAX = PythonSyntax()
CALC = "RATES = [1, 2]\n\n\ndef add(a, b):\n    return a + b\n"
CONFTEST = """\
import pytest


@pytest.fixture
def db():
    return {"rows": 1}


@pytest.fixture
def client(db):
    return db["rows"]
"""
IMPORTS = "import pytest\nimport calc\nfrom calc import add\n"

# Plain parts of test files; {n} makes names and values differ, {m} tells their words.
PARTS = (
    "LIMIT = {n}",
    "CASES = [1, {n}]",
    "CASES = []\nCASES.append({n})",
    "def make():\n    return {n}",
    "def helper():\n    return make() + LIMIT",
    "class Box:\n    size = {n}",
    "@pytest.fixture\ndef thing():\n    return {n}",
    "@pytest.fixture\ndef db():\n    return {{'rows': {n}}}",
    "@pytest.fixture(scope='module')\ndef thing(request):\n    return {n}",
    "def test_add():\n    assert add(1, {n}) == 1 + {n}",
    "def test_limit():\n    assert LIMIT == {n}",
    "def test_make():\n    assert make() == {n}",
    "def test_thing(thing):\n    assert thing == {n}",
    "def test_db(db):\n    assert db['rows'] == {n}",
    "def test_client(client):\n    assert client == 1",
    "def test_tmp(tmp_path):\n    assert tmp_path.is_dir()",
    "@pytest.mark.usefixtures('db', 'thing')\ndef test_used():\n    assert {n}",
    "@pytest.mark.parametrize('case', CASES)\ndef test_case(case):\n    assert case",
    (
        "@pytest.mark.parametrize('a, b', [(1, {n})], ids=['x{n}'])\n"
        "def test_ids(a, b):\n    assert add(a, b) == b + a"
    ),
    (
        "class TestAdd:\n    number = {n}\n\n    def test_one(self):\n"
        "        assert self.number == {n}\n\n    def test_two(self):\n"
        "        assert add(1, 1) == 2"
    ),
    (
        "class TestAdd:\n    @pytest.fixture(autouse=True)\n    def set_up(self):\n"
        "        self.number = {n}\n\n    def test_three(self):\n"
        "        assert self.number == {n}"
    ),
    (
        "class TestOuter:\n    class TestInner:\n        def test_deep(self):\n"
        "            assert {n} == {n}"
    ),
    (
        "if {n}:\n    def test_if():\n        assert add({n}, 0) == {n}\n"
        "else:\n    def test_else():\n        assert True"
    ),
    (
        "try:\n    import tomllib\nexcept ImportError:\n    tomllib = None\n\n"
        "def test_toml():\n    assert tomllib"
    ),
    "async def test_async():\n    assert {n}",
    "@pytest.mark.skipif({n} > 1, reason='{n}')\ndef test_sometimes():\n    assert 1",
    "def test_fails():\n    assert add(1, 1) == 2 + {n}",
    "test_made = make",
    "def test_rates():\n    assert calc.RATES == [1, 2]",
    "def test_cached(cache=[]):\n    cache.append({n})\n    assert cache",
)
# What would weaken, hide or change older tests.
ATTACKS = (
    "pytestmark = pytest.mark.skip",
    "pytestmark = [pytest.mark.xfail]",
    "if True:\n    pytestmark = pytest.mark.skip",
    "globals()['pytestmark'] = pytest.mark.skip",
    "pytest.skip('all', allow_module_level=True)",
    (
        "nothing = pytest.importorskip('no_such_module_{n}')\n"
        "def test_nothing():\n    assert nothing"
    ),
    "__test__ = False",
    "del test_add",
    "test_add = None",
    "test_add = LIMIT = 7",
    "test_add.__test__ = False",
    "def add(a, b):\n    return {n}\ndef test_fake():\n    assert add(0, 0) == {n}",
    "calc.add = lambda a, b: {n}",
    "FAKE = calc.add = lambda a, b: {n}\ndef test_faked():\n    assert FAKE(1, 1)",
    "def fake(a, b):\n    return {n}\nsetattr(calc, 'add', fake)",
    "calc.RATES += [{n}]",
    "calc.RATES.append({n})",
    "from calc import RATES\nRATES += [3]\ndef test_more():\n    assert RATES",
    "for name in ('test_add', 'test_limit'):\n    globals().pop(name, None)",
    "import sys\nsys.modules['calc'] = None",
    "from calc import *",
    "from os import *",
    "def setup_function(function):\n    pytest.skip('no')",
    "def pytest_generate_tests(metafunc):\n    pytest.skip('no')",
    "@pytest.fixture(autouse=True)\ndef always():\n    pytest.skip('no')",
    "always = pytest.fixture(autouse=True)(lambda: pytest.skip('no'))",
    (
        "@pytest.fixture(name='db')\ndef other():\n    return {{'rows': 9}}\n"
        "def test_other(other):\n    assert other"
    ),
    (
        "@pytest.fixture\ndef tmp_path():\n    return {n}\n"
        "def test_path(tmp_path):\n    assert tmp_path"
    ),
    (
        "@pytest.fixture\ndef client():\n    return {n}\n"
        "def test_own(client):\n    assert client == {n}"
    ),
    "def test_global():\n    global LIMIT\n    LIMIT = 99\n    assert LIMIT",
    "def test_add():\n    pass",
    "@pytest.mark.skip\ndef test_add():\n    assert add(1, 2) == 3",
    "@pytest.mark.parametrize('case', [1])\ndef test_case(case):\n    assert case",
    "class TestAdd:\n    def test_one(self):\n        pass",
    "class TestAdd:\n    __test__ = False\n    def test_one(self):\n        pass",
    "CASES.clear()",
    "CASES[:] = [1]",
    "SAME = CASES\nSAME.clear()",
    "with pytest.raises(SystemExit):\n    raise SystemExit",
    "raise SystemExit",
    "assert False",
    "import random\nrandom.seed({n})",
    "exec('test_add = None')",
    "pytest_plugins = []",
    "len = print\ndef test_len():\n    assert len",
    "def range(*_):\n    return []\ndef test_range():\n    assert range(1) == []",
    "def test_x({n}",
)


@st.composite
def files(draw, *, parts=PARTS):
    """Draw a file of tests."""
    chosen = draw(st.lists(st.sampled_from(parts), min_size=1, max_size=6))
    numbers = draw(st.lists(st.integers(1, 3), min_size=6, max_size=6))
    texts = [
        part.format(n=number) for part, number in zip(chosen, numbers, strict=False)
    ]
    return IMPORTS + "\n\n" + "\n\n\n".join(texts) + "\n"


SEQUENCES = st.lists(files(parts=PARTS + ATTACKS), min_size=1, max_size=4)


def sources(text: str) -> dict[str, str]:
    """Return test id → its source, decorators included."""
    found: dict[str, str] = {}
    lines = text.split("\n")

    def look(body: list[ast.stmt], prefix: str) -> None:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
                if node.name.startswith("test"):
                    found[prefix + node.name] = "\n".join(
                        lines[first - 1 : node.end_lineno]
                    )
            elif isinstance(node, ast.ClassDef):
                look(node.body, f"{prefix}{node.name}::")
            elif isinstance(node, ast.If | ast.Try):
                look(
                    [n for n in ast.iter_child_nodes(node) if isinstance(n, ast.stmt)],
                    prefix,
                )

    look(ast.parse(text).body, "")
    return found


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(files(), SEQUENCES)
def test_older_tests_stay_byte_for_byte_whatever_is_added(first, sequence):
    text = SYNTAX.accumulated("", first).text
    for new in sequence:
        result = SYNTAX.accumulated(text, new)
        before, after = sources(text), sources(result.text)
        assert {name: after.get(name) for name in before} == before
        assert set(result.added) == set(after) - set(before)
        rest = iter(result.text.split("\n"))
        assert all(line in rest for line in text.rstrip("\n").split("\n"))
        again = SYNTAX.accumulated(result.text, new)
        assert (again.text, again.added) == (result.text, ())
        text = result.text


@pytest.mark.slow
@settings(
    deadline=None,
    max_examples=30,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(files(), SEQUENCES)
def test_older_tests_end_as_before_whatever_is_added(tmp_path, first, sequence):
    text = SYNTAX.accumulated("", first).text
    before = outcomes(tmp_path, text)
    for new in sequence:
        text = SYNTAX.accumulated(text, new).text
    after = outcomes(tmp_path, text)
    assert {test: after.get(test) for test in before} == before


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_leaves_the_older_tests_alone(attack):
    old = SYNTAX.accumulated("", textwrap.dedent(IMPORTS + OLD)).text
    result = SYNTAX.accumulated(old, IMPORTS + attack.format(n=2) + "\n")
    before, after = sources(old), sources(result.text)
    assert {name: after.get(name) for name in before} == before


OLD = (
    "\n\n"
    + "\n\n\n".join(
        PARTS[index].format(n=1)
        for index in (0, 1, 3, 6, 9, 10, 11, 12, 13, 15, 16, 17, 19)
    )
    + "\n"
)


@pytest.mark.slow
def test_attacks_leave_the_outcomes_of_older_tests_alone(tmp_path):
    old = SYNTAX.accumulated("", IMPORTS + OLD).text
    before = outcomes(tmp_path, old)
    assert len(before) > 9
    changed = {}
    for attack in ATTACKS:
        result = SYNTAX.accumulated(old, IMPORTS + attack.format(n=2) + "\n")
        if result.text != old:
            after = outcomes(tmp_path, result.text)
            if {test: after.get(test) for test in before} != before:
                changed[attack] = result.text
    assert changed == {}


def outcomes(folder: Path, text: str) -> dict[str, str]:
    """Run tests for real and return test → how it ended, cases counted apart."""
    (folder / "calc.py").write_text(CALC)
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_it.py").write_text(text)
    report = folder / "report.xml"
    report.unlink(missing_ok=True)
    subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *("-p", "no:randomly", f"--rootdir={folder}", f"--junitxml={report}"),
            *("-c", "/dev/null", str(folder / "test_it.py")),
        ],
        cwd=folder,
        capture_output=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(folder)},
    )
    return {
        f"{case.classname}::{case.name}": type(case.result[0]).__name__
        if case.result
        else "passed"
        for suite in JUnitXml.fromfile(str(report))
        for case in suite
    }
