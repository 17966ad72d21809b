"""New tests that are refused, or come without what older ones would feel."""

import textwrap

import pytest
from accumulating import OLD, SYNTAX, add, tail


def test_a_name_that_older_tests_have_from_elsewhere_is_not_bound():
    old = "from calc import *\n\n\ndef test_a(tmp_path, shop):\n    assert open(shop)\n"
    new = """\
        import pytest

        @pytest.fixture
        def shop(): return 1

        def open(x): return x

        def test_b(shop): assert open(shop) == 2
    """
    result = SYNTAX.accumulated(old, textwrap.dedent(new))
    assert result.added == ("test_b",)
    assert "def test_b(shop_2): assert open_2(shop_2) == 2" in result.text


@pytest.mark.parametrize(
    "new, why",
    [
        pytest.param(
            "def make(): return 2\ndef test_x(): assert f'{make()}'\n",
            "an f-string uses it",
            id="f-string",
        ),
        pytest.param(
            "def make(): return 2\ndef test_x(): assert dict(make=make)\n",
            "a keyword argument has its name",
            id="keyword",
        ),
        pytest.param(
            "import pytest\n@pytest.fixture\ndef client(): return 2\n"
            "@pytest.mark.usefixtures('client')\ndef test_x(): assert 1\n",
            "a string names it",
            id="string",
        ),
        pytest.param(
            "LIMIT = 9\ndef test_x():\n    global LIMIT\n    LIMIT = 1\n",
            "it has no place of its own",
            id="global",
        ),
        pytest.param(
            "LIMIT = 9\nclass TestX:\n    LIMIT = LIMIT\n"
            "    def test_x(self): assert LIMIT\n",
            "a class has an attribute of its name",
            id="class attribute",
        ),
        pytest.param(
            "import add.sub\ndef test_x(): assert add.sub\n",
            "it is a package whose module is imported",
            id="package",
        ),
        pytest.param(
            "LIMIT = 9\ndef test_x():\n    try: LIMIT\n    except E as LIMIT: pass\n",
            "it has no place of its own",
            id="exception",
        ),
        pytest.param(
            "LIMIT = 9\ndef test_x():\n    match LIMIT:\n        case [*LIMIT]: pass\n",
            "it has no place of its own",
            id="match",
        ),
    ],
)
def test_a_name_that_cannot_be_replaced_everywhere_refuses_its_tests(new, why):
    result = add(f"{new}\ndef test_free(): assert 5\n")
    assert result.added == ("test_free",)
    (reason,) = result.refused.values()
    assert "means something else in the older tests" in reason
    assert reason.endswith(why)


def test_what_runs_for_its_effect_over_a_clash_refuses_all():
    new = "def make(): 2\nA = []\nA.append(f'{make()}')\ndef test_x(): assert 1\n"
    result = add(new)
    assert (result.text, list(result.refused)) == (OLD, ["test_x"])


@pytest.mark.parametrize(
    "new, why",
    [
        pytest.param("pytestmark = 1", "pytestmark would change", id="marks"),
        pytest.param("def setup_module(): 1", "setup_module would change", id="set-up"),
        pytest.param("def pytest_x(): 1", "pytest_x would change", id="hook"),
        pytest.param("from x import *", "star import", id="star"),
        pytest.param(
            "import pytest\n@pytest.fixture(autouse=True)\ndef f(): 1",
            "the fixture f would apply",
            id="autouse",
        ),
        pytest.param(
            "import pytest\nf = pytest.fixture(autouse=True)(print)",
            "the fixture f would apply",
            id="autouse by call",
        ),
        pytest.param(
            "import pytest\n@pytest.fixture(**{'autouse': True})\ndef f(): 1",
            "the fixture f would apply",
            id="autouse hidden",
        ),
        pytest.param("from x import setup_module", "setup_module would", id="import"),
    ],
)
def test_what_would_change_older_tests_is_refused(new, why):
    result = add(f"{new}\ndef test_x(): assert 1\n")
    assert (result.text, result.added) == (OLD, ())
    assert why in result.refused["test_x"]
    assert SYNTAX.accumulated("", f"{new}\ndef test_x(): assert 1\n").added == (
        "test_x",
    )


def test_what_stands_already_may_come_again():
    old = f"{OLD}\npytestmark = pytest.mark.slow\nprint(1)\n"
    new = (
        "import pytest\npytestmark = pytest.mark.slow\nprint(1)\nprint(2)\n"
        "def test_x(): assert 1\n"
    )
    result = SYNTAX.accumulated(old, new)
    assert tail(result, old) == "def test_x(): assert 1"
    assert result.refused == {"print(2)": "it would run for the older tests, too"}


def test_what_fills_a_value_of_its_own_is_taken_with_it():
    new = """\
        CASES = []
        CASES.append(1)
        for number in (2, 3):
            CASES.append(number)
        NAMES: dict[str, int] = {}
        NAMES["a"] = 1
        if NAMES:
            NAMES["b"] = 2
            pass

        @pytest.fixture(scope="module", name="said")
        def say(): return 1

        @pytest.mark.parametrize("case", CASES)
        def test_x(case, said): assert case and NAMES and say
    """
    result = add(new)
    assert result.added == ("test_x",)
    assert result.refused == {}
    added = textwrap.dedent(new).strip().replace("\n\n@", "\n\n\n@")
    assert tail(result) == added


@pytest.mark.parametrize(
    "effect",
    [
        "import calc\ncalc.add = lambda a, b: 3",
        "import sys\nsys.modules['calc'] = sys",
        "import sys\nsys.path.insert(0, 'fakes')",
        "import os\nos.environ['MODE'] = 'easy'",
        "import random\nrandom.seed(1)",
        "del test_add",
        "test_add.__test__ = False",
        "TestMore.test_one = None",
        "make.cache = {}",
        "setattr(pytest, 'x', 1)",
        "globals()['test_add'] = None",
        "exec('test_add = None')",
        "pytest.skip('no', allow_module_level=True)",
        "raise SystemExit",
        "if True:\n    del LIMIT",
        "if True:\n    test_add.__test__ = False",
        "with open('x'):\n    test_add.x = 1",
        "try:\n    test_add.x = 1\nfinally:\n    pass",
        "LIMITS = LIMIT\nLIMITS.append(4)",
        "THINGS = make()\nTHINGS.append(4)",
        "(lambda: 1)().x = 1",
    ],
)
def test_what_runs_for_its_effect_on_others_is_left_out(effect):
    result = add(f"{effect}\n\ndef test_x():\n    assert make() != 3\n")
    assert tail(result) in {"def test_x():\n    assert make() != 3", ""}
    assert result.text.startswith(OLD.rpartition("if __name__")[0])
    assert result.refused
    again = SYNTAX.accumulated(result.text, f"{effect}\ndef test_x(): assert 0\n")
    assert again.text == result.text


@pytest.mark.parametrize(
    "new, why",
    [
        pytest.param(
            "import calc\nFAKE = calc.add = len\ndef test_x(): assert FAKE\n",
            "it does something with calc when it is imported",
            id="assigned",
        ),
        pytest.param(
            "from mock import patch\nP = patch('calc.add').start()\n"
            "def test_x(): assert P\n",
            "it does something with patch when it is imported",
            id="patched",
        ),
        pytest.param(
            "import calc\n_ = calc.RATES.append(3)\ndef test_x(): assert _ is None\n",
            "it does something with calc when it is imported",
            id="appended",
        ),
        pytest.param(
            "import calc\nclass TestX:\n    calc.RATES.append(3)\n"
            "    def test_x(self): 1\n",
            "it does something with calc when it is imported",
            id="class statement",
        ),
        pytest.param(
            "MODE = pytest.skip('x', allow_module_level=True)\n"
            "def test_x(): assert MODE\n",
            "it does something with pytest when it is imported",
            id="skip wanted",
        ),
        pytest.param(
            "np = pytest.importorskip('numpy')\ndef test_x(): assert np\n",
            "it does something with pytest when it is imported",
            id="skips",
        ),
        pytest.param(
            "RATES = LIMIT\nRATES += 1\ndef test_x(): assert RATES\n",
            "it does something with RATES when it is imported",
            id="in place",
        ),
        pytest.param(
            "A = 1; test_add.x = 2\ndef test_x(): assert A\n",
            "something would run for the older tests, too",
            id="on one line",
        ),
        pytest.param(
            "import calc\nclass TestX:\n    calc.add = len\n    def test_x(self): 1\n",
            "it does something with calc when it is imported",
            id="class body",
        ),
        pytest.param(
            "def test_x(x=setattr(pytest, 'y', 1)): assert 1\n",
            "it does something with setattr when it is imported",
            id="default",
        ),
        pytest.param(
            "def test_x():\n    global LIMIT\n    LIMIT = 9\n    assert LIMIT\n",
            "it changes LIMIT of the older tests",
            id="global",
        ),
        pytest.param(
            "@pytest.fixture(name='client')\ndef other(): return 2\n"
            "def test_x(other): assert other\n",
            "",
            id="fixture of a known name",
        ),
        pytest.param(
            "@pytest.fixture(name='tmp_path')\ndef other(): return 2\n"
            "def test_x(other): assert other\n",
            "its fixture tmp_path could hide one that older tests ask for",
            id="fixture of pytest",
        ),
        pytest.param(
            "@pytest.fixture(name='a' + 'b')\ndef other(): return 2\n"
            "def test_x(other): assert other\n",
            "its fixture * could hide one that older tests ask for",
            id="fixture of some name",
        ),
    ],
)
def test_a_test_that_needs_what_older_ones_would_feel_is_refused(new, why):
    result = add(new)
    assert (result.text, result.added) == (OLD, ())
    assert any(why in reason for reason in result.refused.values())


@pytest.mark.parametrize("name", ["db", "tmp_path_factory"])
def test_a_new_fixture_does_not_hide_one_that_others_ask_for_by_its_name(name):
    old = "import pytest\n@pytest.mark.usefixtures('db')\ndef test_a(): assert 1\n"
    result = add(
        f"@pytest.fixture\ndef {name}(): return 1\ndef test_x({name}): assert {name}\n",
        old,
    )
    assert result.added == ("test_x",)
    assert tail(result, old) == (
        f"@pytest.fixture\ndef {name}_2(): return 1\n\n\n"
        f"def test_x({name}_2): assert {name}_2"
    )


def test_a_new_fixture_does_not_hide_one_that_all_tests_of_a_folder_may_ask_for():
    conftest = "import pytest\n@pytest.fixture\ndef db(): return 1\n"
    named = (
        "from pytest import fixture\n@fixture(name='shop')\ndef other(): return db\n"
    )
    new = "@pytest.fixture\ndef {0}(): return 2\ndef test_x({0}): assert {0}\n"
    for name in ("db", "shop"):
        given = new.format(name)
        result = SYNTAX.accumulated(OLD, given, [conftest, named, "def broken("])
        assert tail(result).startswith(f"@pytest.fixture\ndef {name}_2()")
        assert f"def {name}()" in SYNTAX.accumulated(OLD, given).text
    given = new.format("x").replace("fixture", "fixture(name='db')")
    assert SYNTAX.accumulated(OLD, given, [conftest]).added == ()


@pytest.mark.parametrize(
    "new",
    [
        (
            "@pytest.mark.parametrize('sum', [calc.add(1, 2), add(1, 2)])\n"
            "def test_x(sum): assert sum"
        ),
        "START = re.match('a', 'a').start()\ndef test_x(): assert START == 0",
        "@pytest.mark.skip(reason='x')\ndef test_x(): assert 1",
        "@pytest.mark.xfail(strict=True)\ndef test_x(): assert 1",
        "@patch('calc.add')\ndef test_x(add): assert add",
        "LEFT = calc.stack().pop()\ndef test_x(): assert LEFT",
        "WORDS = ' '.join(calc.skip('a b'))\ndef test_x(): assert WORDS",
        "class Box:\n    parts = []\n    parts.append(1)\ndef test_x(): assert Box",
    ],
)
def test_what_only_reads_at_import_is_taken(new):
    head = "import re\nimport calc\nfrom mock import patch\nfrom calc import add\n"
    result = add(f"{head}\n{new}\n")
    assert result.added == ("test_x",)
    assert result.refused == {}


def test_a_fixture_of_a_class_is_for_its_own_tests():
    result = add("""\
        class TestX:
            @pytest.fixture(autouse=True)
            def tmp_path(self): return 1

            def test_x(self, tmp_path): assert tmp_path
    """)
    assert result.added == ("TestX::test_x",)


def test_a_letter_that_python_reads_as_another_hides_nothing():
    old = "def file(): return 1\ndef test_a(): assert file() == 1\n"
    result = add("def ﬁle(): return 2\ndef test_x(): assert ﬁle() == 2\n", old)
    assert (result.text, result.added) == (old, ())
    assert list(result.refused) == ["test_x"]


def test_modules_whose_names_begin_like_hooks_may_be_imported():
    result = add("import pytest_asyncio\ndef test_x(): assert pytest_asyncio\n")
    assert result.added == ("test_x",)
