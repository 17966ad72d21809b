import pytest

from pdd_tasks.adapters.python.shown import shown
from pdd_tasks.core.plan.interface_change import interface_change


EXAMPLE = '''"""Shows it."""

from calculator import Calculator, add


def main():
    """Run."""
    print(f"sum: {add(1, 2)}")
    found = Calculator(start=[1, 2]).total
    print(found)


main()
'''


def said(old, new):
    return str(interface_change(shown(EXAMPLE), shown(EXAMPLE.replace(old, new))))


@pytest.mark.parametrize(
    "old, new",
    [
        pytest.param("main()\n", "main()  # runs it\n", id="comment"),
        pytest.param("Run.", "Run it all.", id="docstring"),
        pytest.param('"""Shows it."""\n', "", id="module docstring"),
        pytest.param("print(found)", "print(\n        found,\n    )", id="layout"),
        pytest.param("add(1, 2)", "add(-30, 2)", id="value"),
        pytest.param("sum: ", "the sum is ", id="text"),
        pytest.param("[1, 2]", "[1, 2, 3]", id="further value"),
        pytest.param("    print(found)\n", "    print(found)\n" * 2, id="repetition"),
    ],
)
def test_comments_layout_and_values_are_no_part_of_what_is_shown(old, new):
    assert said(old, new) == "same"


@pytest.mark.parametrize(
    "old, new, change",
    [
        pytest.param(
            "import Calculator, add",
            "import Calculator, add, sub",
            "additive: +calculator.sub",
            id="another import",
        ),
        pytest.param(
            "print(found)",
            "print(found, add(1, 2, 3))",
            "additive: +calculator.add",
            id="another form of a call",
        ),
        pytest.param(
            "print(found)",
            "print(found, add(1, by=2))",
            "additive: +calculator.add",
            id="another keyword",
        ),
        pytest.param(
            "print(found)",
            "print(found.mean)",
            "additive: +.mean",
            id="attribute",
        ),
        pytest.param(
            "add(1, 2)",
            "add([1, 2])",
            "breaking: ~calculator.add",
            id="other arguments",
        ),
        pytest.param(
            "start=", "first=", "breaking: ~calculator.Calculator", id="keyword"
        ),
        pytest.param(".total", ".sum", "breaking: +.sum, -.total", id="attribute gone"),
        pytest.param("add(1, 2)", "add(1, '2')", "breaking", id="type of a value"),
        pytest.param("found =", "found, rest =", "breaking", id="what is returned"),
        pytest.param(
            "def main():", "def main(argv):", "breaking: ~main", id="definition"
        ),
        pytest.param(
            "    print(found)\n",
            "    try:\n        print(found)\n    except ValueError:\n        pass\n",
            "additive: +except ValueError",
            id="exception",
        ),
        pytest.param(
            "print(found)",
            "print(add(*found, **{}))",
            "additive: +calculator.add",
            id="stars",
        ),
        pytest.param(
            "def main():",
            "import json as j\nimport os.path\n\ndef main():",
            "additive: +json, +os",
            id="module",
        ),
    ],
)
def test_what_an_example_shows_is_classed_with_its_names(old, new, change):
    assert said(old, new) == change


@pytest.mark.parametrize("broken", ["def (", "x" + "(" * 5000])
def test_a_text_without_a_tree_shows_itself(broken):
    assert shown(broken).shape == broken
