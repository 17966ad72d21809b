from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from pdd_tasks.core.model import run_inputs
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.language import Language
from pdd_tasks.core.model.settings import Settings
from pdd_tasks.core.model.unit import DevUnit


LANGUAGE = Language(name="a", extensions=("a",), environment={})
UNIT = DevUnit(
    id=UnitId("x", "a"),
    root=PurePosixPath(),
    prompt=PurePosixPath("prompts/x_a.prompt"),
    code=(PurePosixPath("src/x.a"),),
    import_root=PurePosixPath("src"),
    example=PurePosixPath("examples/x_example.a"),
    test=PurePosixPath("tests/test_x.a"),
    language=LANGUAGE,
    settings=Settings(),
)


def settings(**changes):
    unit = replace(UNIT, language=replace(LANGUAGE, **changes))
    name = run_inputs.SETTINGS
    examples, tests = run_inputs.example_inputs, run_inputs.test_inputs
    return examples(unit, {})[name], tests(unit, {})[name]


PLAIN = settings()


@pytest.mark.parametrize(
    "changes, example, tests",
    [
        pytest.param({"before_run": (("cc",),)}, True, False, id="before the example"),
        pytest.param({"before_test": (("cc",),)}, False, True, id="before the tests"),
        pytest.param({"after_test": (("gcov",),)}, False, True, id="after the tests"),
        pytest.param({"files": {"a": "b"}}, True, True, id="files"),
        pytest.param({"results": "tap"}, True, True, id="reader"),
        pytest.param({"tools": {"cc": "get it"}}, False, False, id="tools"),
        pytest.param({"copied": ("x",)}, False, False, id="copied"),
    ],
)
def test_a_report_is_true_for_the_commands_it_was_made_by(changes, example, tests):
    changed = settings(**changes)
    assert (changed[0] != PLAIN[0], changed[1] != PLAIN[1]) == (example, tests)
