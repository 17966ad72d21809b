"""A unit of each language, made by its real tools: a folder below cases is a test."""

from pathlib import Path

import pytest
from unit_cases import CASES, made, missing, replies


LANGUAGES = sorted(path.name for path in CASES.iterdir() if path.is_dir())
MEASURED = {"bash", "c", "cpp", "go", "javascript"}
QUICK = {"bash", "javascript"}  # the others compile, and are tried with the slow tests
WRONG = "mistake"  # in the name of the one test that does not hold


def case(language):
    return pytest.param(
        language, id=language, marks=() if language in QUICK else pytest.mark.slow
    )


@pytest.fixture(scope="module", params=[case(language) for language in LANGUAGES])
def unit(request, tmp_path_factory):
    """Return the unit of a language whose tools are here."""
    language = request.param
    if gone := missing(language):
        pytest.skip(f"{', '.join(gone)} does not run here")
    folder = tmp_path_factory.mktemp(f"{language}-unit")
    return made(language, folder, replies(language))


def test_a_prompt_becomes_code_an_example_and_tests_that_pass(unit):
    assert unit.first.code == 0, unit.first.text
    assert unit.asked[:4] == ["generate", "example", "verify", "test"]
    assert (unit.report["exit_code"], unit.report["tests_failed"]) == (0, 0)
    assert unit.report["tests_passed"] == 4
    assert WRONG not in unit.tests


def test_coverage_is_measured_or_unknown_and_never_zero(unit):
    coverage = unit.report["coverage"]
    assert coverage is None or coverage > 50
    assert coverage is not None or unit.language not in MEASURED


def test_a_second_sync_does_nothing_and_changes_no_file(unit):
    assert unit.second.out == "sync: 1 unit in sync; nothing to do\n"
    assert unit.project.files() == unit.before


def test_nothing_of_this_machine_is_in_what_is_asked(unit):
    assert str(unit.project.root) not in unit.sent
    assert str(Path.home()) + "/" not in unit.sent.replace("~/", "")


def test_a_tool_that_is_missing_is_told_before_anything_is_paid(tmp_path):
    (tmp_path / "package.json").write_text('{"devDependencies": {"vitest": "*"}}')
    unit = made("javascript", tmp_path, replies("javascript"))
    assert unit.first.code != 0
    assert unit.asked == []
    assert "javascript needs node_modules/.bin/vitest" in unit.first.text
    assert "npm install" in unit.first.text
