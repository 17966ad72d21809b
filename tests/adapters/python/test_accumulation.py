"""Tests added to tests: none lost, none shadowed, none twice."""

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pdd_tasks.adapters.python.syntax import PythonSyntax


SYNTAX = PythonSyntax()

OLD = '''\
"""Old tests."""
import pytest
from calc import add

LIMIT = 3


def make():
    return 1


@pytest.fixture
def client():
    return make()


def test_add():
    assert add(1, 2) == LIMIT


class TestMore:
    def test_one(self):
        assert make() == 1


if __name__ == "__main__":
    pytest.main()
'''


def add(new: str, old: str = OLD):
    return SYNTAX.accumulated(old, textwrap.dedent(new))


def tail(result, old: str = OLD) -> str:
    """Return what was added at the end."""
    last = old.rstrip().splitlines()[-1]
    text: str = result.text
    return text.rpartition(last)[2].strip("\n")


def test_without_older_tests_the_new_text_stands():
    new = "import calc\n\n\ndef test_a():\n    assert calc\n"
    result = SYNTAX.accumulated("", new)
    assert (result.text, result.added, dict(result.refused)) == (new, ("test_a",), {})


def test_new_tests_and_what_they_need_are_added():
    result = add("""\
        import os.path
        import sys
        import unused
        from calc import add, sub, mul as times

        BIG = 1_000
        OTHER = 1

        def fresh(): return BIG

        # why this is so
        @pytest.mark.slow
        def test_sub():
            assert sub(fresh(), times) and os.path
    """)
    assert result.added == ("test_sub",)
    assert result.refused == {}
    assert result.text == OLD.replace(
        "from calc import add\n",
        "from calc import add\nimport os.path\nfrom calc import sub\n"
        "from calc import mul as times\n",
    ) + textwrap.dedent("""\


        BIG = 1_000


        def fresh(): return BIG


        # why this is so
        @pytest.mark.slow
        def test_sub():
            assert sub(fresh(), times) and os.path
    """)


def test_what_stands_between_imports_stays_there():
    result = add("""\
        import early
        SRC = "src"
        import late

        def test_late(): assert early, late == SRC
    """)
    assert 'import early\nSRC = "src"\nimport late\n' in result.text


def test_all_of_the_old_stays_when_it_comes_again():
    result = add(OLD)
    assert result.text == OLD
    assert result.added == ()
    assert result.refused == {
        "test_add": "same as test_add",
        "TestMore::test_one": "same as TestMore::test_one",
    }


def test_a_body_under_another_name_is_refused():
    body = "    assert add(1, 2) == LIMIT\n"
    result = add(f"from calc import add\nLIMIT = 3\ndef test_new():\n{body}")
    assert (result.text, result.refused) == (OLD, {"test_new": "same as test_add"})


@pytest.mark.parametrize(
    "rewritten",
    [
        pytest.param("def test_add():\n    assert add(1, 2)", id="weaker"),
        pytest.param("def test_add():\n    assert add(1, 2) == LIMIT + 0", id="other"),
        pytest.param("def test_add(client):\n    assert add(1, 2) == LIMIT", id="arg"),
        pytest.param(
            "@pytest.mark.skip\ndef test_add():\n    assert add(1, 2) == LIMIT",
            id="mark",
        ),
        pytest.param(
            "LIMIT = 4\n\ndef test_add():\n    assert add(1, 2) == LIMIT", id="helper"
        ),
        pytest.param(
            "class TestMore:\n    def test_one(self):\n        assert make()",
            id="class",
        ),
        pytest.param(
            "class TestMore:\n    limit = 1\n    def test_one(self):\n"
            "        assert make() == 1",
            id="around",
        ),
    ],
)
def test_a_test_that_stands_is_not_rewritten_and_other_new_ones_are_taken(rewritten):
    result = add(f"{rewritten}\n\ndef test_new():\n    assert make() != 2\n")
    assert result.added == ("test_new",)
    ((name, why),) = result.refused.items()
    assert name in {"test_add", "TestMore::test_one"}
    assert why == (
        f"{name} stands with another body; a new test needs a name of its own"
    )
    assert tail(result) == "def test_new():\n    assert make() != 2"


def test_new_tests_may_use_names_of_the_older_ones():
    result = add(
        "def test_x(): assert make()\ndef test_y(): assert add(1, 2) == LIMIT\n"
    )
    assert result.refused == {"test_y": "same as test_add"}
    assert tail(result) == "def test_x(): assert make()"


def test_a_helper_with_another_body_is_renamed_with_what_uses_it():
    result = add("""\
        import pytest
        LIMIT = 4

        def make(): return LIMIT

        @pytest.fixture
        def client(): return make()

        def test_client(client):
            assert client.LIMIT == LIMIT  # é client
    """)
    assert result.added == ("test_client",)
    assert tail(result) == textwrap.dedent("""\
        LIMIT_2 = 4


        def make_2(): return LIMIT_2


        @pytest.fixture
        def client_2(): return make_2()


        def test_client(client_2):
            assert client_2.LIMIT == LIMIT_2  # é client""")


def test_a_test_that_looks_the_same_over_another_helper_is_another_test():
    result = add("""\
        from calc import add
        LIMIT = 4

        def test_sum():
            assert add(1, 2) == LIMIT
    """)
    assert result.added == ("test_sum",)
    assert "assert add(1, 2) == LIMIT_2" in tail(result)


def test_adding_again_adds_nothing():
    new = """\
        from other import add
        LIMIT = 4

        class TestMore:
            def test_two(self): assert add == LIMIT
            def test_two(self): assert add != LIMIT

        def test_sum(): assert add(LIMIT)
    """
    first = add(new)
    assert len(first.added) == 3
    again = SYNTAX.accumulated(first.text, textwrap.dedent(new))
    assert (again.text, again.added) == (first.text, ())


def test_an_import_of_another_thing_under_a_known_name_is_renamed():
    result = add("from other import add\ndef test_x(): assert add(1)\n")
    assert "from other import add as add_2\n" in result.text
    assert tail(result) == "def test_x(): assert add_2(1)"
    result = add("from other import x as add\ndef test_x(): assert add(1)\n")
    assert "from other import x as add_2\n" in result.text


def test_a_class_of_a_known_name_is_renamed_and_its_known_tests_refused():
    result = add("""\
        def make():
            return 1

        class TestMore:
            def test_one(self):
                assert make() == 1

            def test_two(self):
                assert make() == 2
    """)
    assert result.added == ("TestMore_2::test_two",)
    assert result.refused == {"TestMore_2::test_one": "same as TestMore::test_one"}
    assert tail(result) == (
        "class TestMore_2:\n\n    def test_two(self):\n        assert make() == 2"
    )


def test_tests_that_hide_each_other_are_renamed_or_refused():
    result = SYNTAX.accumulated(
        "",
        "def test_a(): assert 1\ndef test_a(): assert 2\ndef test_a(): assert 1\n"
        "class TestB:\n    def test_c(self): assert 1\n"
        "    async def test_c(self): assert 2\n",
    )
    assert result.added == ("test_a", "test_a_2", "TestB::test_c", "TestB::test_c_2")
    assert result.refused == {"test_a_3": "same as test_a"}
    assert "def test_a_2(): assert 2" in result.text
    assert "test_a_3" not in result.text


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


def test_texts_that_do_not_parse_are_refused():
    broken = add("def test_x(:\n")
    assert (broken.text, broken.refused) == (
        OLD,
        {"the new tests": "line 1: invalid syntax"},
    )
    result = SYNTAX.accumulated("def f(:\n", "def test_x(): assert 1\n")
    assert result.refused == {"test_x": "the older tests do not parse"}


@pytest.mark.parametrize(
    "old, start",
    [
        pytest.param(
            "#!/usr/bin/env python\n# coding: utf-8\ndef test_a(): assert 1",
            "#!/usr/bin/env python\n# coding: utf-8\nimport os\ndef test_a():",
            id="interpreter line",
        ),
        pytest.param(
            '"""Doc."""\nx = 1\n', '"""Doc."""\nimport os\nx = 1\n', id="docstring"
        ),
        pytest.param("# about a\ndef a(): 1\n", "import os\n# about a\n", id="comment"),
        pytest.param("# nothing\n", "# nothing\nimport os\n", id="no statement"),
        pytest.param(
            "import a; x = 1\n", "import a; x = 1\nimport os\n", id="one line"
        ),
    ],
)
def test_imports_go_behind_imports_or_to_the_top(old, start):
    result = SYNTAX.accumulated(old, "import os\ndef test_x(): assert os\n")
    assert result.added == ("test_x",)
    assert result.text.startswith(start)
    assert SYNTAX.problem(result.text) is None


def test_line_ends_stay_what_they_are():
    old = OLD.replace("\n", "\r\n")
    result = SYNTAX.accumulated(old, "import os\ndef test_x():\n    assert os\n")
    assert result.added == ("test_x",)
    assert result.text.count("\n") == result.text.count("\r\n")
    assert result.text.replace("import os\r\n", "").startswith(old)


def test_statements_on_one_line_stay_together():
    result = add("A = 1; B = 2\ndef test_x(): assert B\n")
    assert tail(result).startswith("A = 1; B = 2\n")


NAMES = st.sampled_from(["make", "LIMIT", "test_a", "test_b", "add", "TestA"])
VALUES = st.integers(0, 2)


@st.composite
def statements(draw):
    name, value = draw(NAMES), draw(VALUES)
    used = draw(st.sampled_from(["make", "LIMIT", "add"]))
    if name == "LIMIT":
        return f"LIMIT = {value}"
    if name == "add":
        return f"from calc{value} import add"
    if name == "TestA":
        method = draw(st.sampled_from(["test_a", "test_b"]))
        return f"class TestA:\n    def {method}(self): assert {used} == {value}"
    return f"def {name}(): assert {used} == {value}"


PROGRAMS = st.lists(statements(), max_size=6).map(lambda lines: "\n".join([*lines, ""]))


@settings(deadline=None)  # a loaded machine is no failure
@given(PROGRAMS, PROGRAMS)
def test_no_old_test_is_lost_changed_or_shadowed_and_adding_again_adds_nothing(
    old, new
):
    old = SYNTAX.accumulated("", old).text
    result = SYNTAX.accumulated(old, new)
    before, after = SYNTAX.tests(old), SYNTAX.tests(result.text)
    assert SYNTAX.problem(result.text) is None
    assert {name: after.get(name) for name in before} == before
    assert set(after) == set(before) | set(result.added)
    assert set(result.added).isdisjoint(before)
    names = [
        line.split("(")[0]
        for line in result.text.splitlines()
        if line.startswith("def test")
    ]
    assert len(names) == len(set(names))
    again = SYNTAX.accumulated(result.text, new)
    assert (again.text, again.added) == (result.text, ())


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
