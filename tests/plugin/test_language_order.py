"""The languages of one basename, in a declared order."""

from dataclasses import replace

import pytest
from memory_project import SETTINGS, unit
from surface import live, server_of, unit_project

from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.plugin.language_order import in_language_order


def units(*names, order):
    settings = replace(SETTINGS, language_order=order)
    found = (name.rsplit("_", 1) for name in names)
    return tuple(unit(id=UnitId(*name), settings=settings) for name in found)


def names(found):
    return [str(one.id) for one in found]


@pytest.mark.parametrize(
    "order, expected",
    [
        pytest.param((), ["a_c", "a_go", "a_rust", "b_c"], id="none"),
        pytest.param(("rust", "c"), ["a_rust", "a_c", "a_go", "b_c"], id="declared"),
    ],
)
def test_languages_of_one_basename_stand_as_declared(order, expected):
    given = units("a_c", "a_go", "a_rust", "b_c", order=order)
    assert names(in_language_order(given, {})) == expected


def test_what_is_needed_comes_first_whatever_is_declared():
    given = units("a_c", "a_go", order=("go", "c"))
    assert names(in_language_order(given, {"a_go": ("a_c",)})) == ["a_c", "a_go"]


def pddrc(project, order):
    lines = ("contexts:", "  default:", "    defaults:", f"      {order}")
    project.write(".pddrc", "\n".join(lines) + "\n")


@pytest.mark.slow
def test_a_language_that_fails_leaves_the_next_one_alone(tmp_path):
    project = unit_project(tmp_path / "two", "calculator")
    prompt = project.read("prompts/calculator_python.prompt")
    project.write("prompts/calculator_zig.prompt", prompt)
    pddrc(project, "language_order: [zig, python]")
    with server_of() as model:
        said = project.doit(*live(model, "sync:calculator"))
    assert said.code != 0
    assert 0 <= said.text.index("calculator_zig") < said.text.index("calculator_python")
    assert project.doit("pending", "calculator_python", "--exit-code").code == 0


def test_an_order_of_unknown_languages_is_refused(tmp_path):
    project = unit_project(tmp_path / "two", "calculator")
    pddrc(project, "language_order: [pyhton]")
    said = project.doit("pending")
    assert said.code == 3
    assert "'pyhton'" in said.text
    assert "'python'" in said.text
