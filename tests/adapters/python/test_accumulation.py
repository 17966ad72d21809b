"""Tests added to tests: none lost, none shadowed, none twice."""

import textwrap

import pytest
from accumulating import OLD, SYNTAX, add, tail
from hypothesis import given, settings
from hypothesis import strategies as st


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
