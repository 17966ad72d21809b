"""What a run is true for."""

from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from pdd_tasks.core.model import run_inputs
from pdd_tasks.core.model.artifact import Digest, UnitId
from pdd_tasks.core.model.language import Language
from pdd_tasks.core.model.settings import Settings
from pdd_tasks.core.model.unit import DevUnit


CODE = PurePosixPath("src/calc.py")
EXAMPLE = PurePosixPath("examples/calc_example.py")
TEST = PurePosixPath("tests/test_calc.py")
MORE = PurePosixPath("tests/test_calc_more.py")
DIGESTS = {path: Digest.of(str(path).encode()) for path in (CODE, EXAMPLE, TEST, MORE)}

UNIT = DevUnit(
    id=UnitId("calc", "python"),
    root=PurePosixPath(),
    prompt=PurePosixPath("prompts/calc_python.prompt"),
    code=(CODE,),
    import_root=PurePosixPath("src"),
    example=EXAMPLE,
    test=TEST,
    more_tests=(MORE,),
    language=Language(
        name="python",
        extensions=("py",),
        run=("python", "{file}"),
        test=("pytest",),
        measure=("--cov",),
        environment={"A": "1"},
    ),
    settings=Settings(),
)


def test_an_example_run_is_true_for_code_and_example():
    found = run_inputs.example_inputs(UNIT, DIGESTS)
    assert found.keys() == {str(CODE), str(EXAMPLE), "settings"}
    assert found[str(CODE)] == DIGESTS[CODE].raw


def test_a_test_run_is_true_for_code_and_all_tests():
    found = run_inputs.test_inputs(UNIT, DIGESTS)
    assert found.keys() == {str(CODE), str(TEST), str(MORE), "settings"}


def test_a_file_that_does_not_stand_is_no_input():
    assert run_inputs.test_inputs(UNIT, {}).keys() == {"settings"}


@pytest.mark.parametrize(
    "unit, changed",
    [
        pytest.param(
            replace(UNIT, settings=Settings(interpreter="python3.13")),
            (True, True),
            id="interpreter",
        ),
        pytest.param(
            replace(UNIT, settings=Settings(environment=("B",))),
            (True, True),
            id="passed variables",
        ),
        pytest.param(
            replace(UNIT, language=replace(UNIT.language, environment={"A": "2"})),
            (True, True),
            id="environment",
        ),
        pytest.param(
            replace(UNIT, language=replace(UNIT.language, run=("node", "{file}"))),
            (True, False),
            id="run command",
        ),
        pytest.param(
            replace(UNIT, language=replace(UNIT.language, test=("tox",))),
            (False, True),
            id="test command",
        ),
        pytest.param(
            replace(UNIT, settings=Settings(target_coverage=50.0, max_attempts=9)),
            (False, False),
            id="coverage target",
        ),
    ],
)
def test_settings_that_change_what_runs_are_inputs(unit, changed):
    kinds = (run_inputs.example_inputs, run_inputs.test_inputs)
    assert (
        tuple(
            inputs(unit, DIGESTS)["settings"] != inputs(UNIT, DIGESTS)["settings"]
            for inputs in kinds
        )
        == changed
    )
