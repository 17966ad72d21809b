from dataclasses import replace

import pytest
from calculator_texts import CODE, EXAMPLE, PROMPT, TESTS, C, E, P, T
from memory_project import Project

from pdd_tasks.core.model.failure import Failure, FailureKind
from pdd_tasks.engine import material
from pdd_tasks.engine.observe import observe
from pdd_tasks.engine.view import View


ALL = {P: PROMPT, C: CODE, E: EXAMPLE, T: TESTS}


def _view(**more: str) -> View:
    project = Project({**ALL, **more})
    return observe(project.world(), project.unit)


def _failed(kind: FailureKind, test: str = f"{T}::test_sub") -> Failure:
    return Failure(
        test=test,
        kind=kind,
        exception="SomeError",
        where="src/calculator.py:5",
        line="return a + b",
        message="it failed",
    )


@pytest.mark.parametrize(
    "body, text",
    [
        pytest.param("", "", id="nothing"),
        pytest.param("  \n", "", id="blank"),
        pytest.param("x\n\n", "### Code\n\n```py\nx\n```\n\n", id="text"),
        pytest.param(
            "```\nx\n```", "### Code\n\n````py\n```\nx\n```\n````\n\n", id="fenced"
        ),
    ],
)
def test_a_section_has_a_title_and_a_fence_that_holds(body, text):
    assert material.section("Code", body, "py") == text


def test_failures_are_told_with_their_source_lines():
    assert material.told([_failed(FailureKind.OTHER)]) == (
        f"- {T}::test_sub: SomeError: it failed\n  at src/calculator.py:5: return a + b"
    )


def test_a_failure_of_which_little_is_known_is_told_by_its_kind():
    failure = Failure(
        test="", kind=FailureKind.TIMEOUT, exception="", where="", line="", message=""
    )
    assert material.told([failure]) == "- program: timeout"


def test_of_many_failures_ten_are_told():
    lines = material.told([_failed(FailureKind.OTHER)] * 12).splitlines()
    assert len(lines) == 21
    assert lines[-1] == "- and 2 more"


@pytest.mark.parametrize(
    "kind, title, shown",
    [
        pytest.param(
            FailureKind.IMPORT, "Where modules", "the folder src/", id="import"
        ),
        pytest.param(
            FailureKind.COLLECTION, "Where modules", f"code: {C}", id="broken"
        ),
        pytest.param(FailureKind.ATTRIBUTE, "The example", EXAMPLE.strip(), id="name"),
        pytest.param(FailureKind.TYPE, "The example", EXAMPLE.strip(), id="signature"),
        pytest.param(FailureKind.TIMEOUT, "Where it hung", "the stack", id="hang"),
        pytest.param(FailureKind.ASSERTION, "The tests that", "test_sub", id="value"),
    ],
)
def test_the_pattern_of_a_failure_decides_what_is_shown(kind, title, shown):
    found = material.evidence(_view(), (_failed(kind),), "the stack")
    assert f"### {title}" in found
    assert shown in found


def test_what_a_failure_does_not_need_is_not_shown():
    found = material.evidence(_view(), (_failed(FailureKind.ASSERTION),), "output")
    assert found.count("### ") == 1
    assert "def test_add" not in found
    assert "output" not in found


def test_an_included_file_is_among_the_surroundings():
    prompt = PROMPT + "\n<include>docs/a.md</include>\n"
    view = _view(**{P: prompt, "docs/a.md": "x\n"})
    found = material.evidence(view, (_failed(FailureKind.IMPORT),))
    assert "included: docs/a.md" in found


@pytest.mark.parametrize(
    "failure, text",
    [
        pytest.param(_failed(FailureKind.COLLECTION, T), TESTS, id="not collected"),
        pytest.param(_failed(FailureKind.IMPORT, T), TESTS, id="no test named"),
        pytest.param(
            _failed(FailureKind.ASSERTION), "def test_(:\n", id="a file that is broken"
        ),
    ],
)
def test_a_file_that_cannot_be_cut_is_shown_whole(failure, text):
    view = _view(**{T: text})
    assert material.failed_tests(view, (failure,)) == f"# {T}\n{text}"


def test_files_whose_tests_passed_are_not_shown():
    failure = _failed(FailureKind.ASSERTION, "tests/test_other.py::test_it")
    assert material.failed_tests(_view(), (failure,)) == ""


@pytest.mark.parametrize(
    "test, local",
    [
        pytest.param(f"{T}::test_add", "test_add", id="a function"),
        pytest.param(f"{T}::TestAdd::test_it", "TestAdd::test_it", id="a method"),
        pytest.param(f"{T}::test_add[1-2]", "test_add", id="a parameter"),
        pytest.param(T, "", id="a file"),
    ],
)
def test_a_test_is_known_in_its_file_without_parameters(test, local):
    assert material.local_id(test) == local


def test_a_difference_is_a_unified_diff():
    assert material.difference("a\nb\n", "a\nc\n", "x").splitlines() == [
        "--- a/x",
        "+++ b/x",
        "@@ -1,2 +1,2 @@",
        " a",
        "-b",
        "+c",
    ]
    assert material.difference("a\n", "a\n", "x") == ""


def test_what_every_template_may_use():
    values = material.common(_view())
    assert values["language"] == values["fence"] == "python"
    assert values["tests"] == f'<file path="{T}">\n{TESTS.rstrip()}\n</file>\n'
    assert (values["code"], values["example"]) == (CODE, EXAMPLE)


def test_requirements_are_numbered():
    assert material.numbered({"R1": "adds", "R2": "subtracts"}) == (
        "R1: adds\nR2: subtracts"
    )


def test_the_path_of_a_test_file_is_a_comment_of_its_language():
    view = _view()
    language = replace(view.unit.language, comment="//")
    view = replace(view, unit=replace(view.unit, language=language))
    shown = material.failed_tests(view, (_failed(FailureKind.IMPORT, T),))
    assert shown == f"// {T}\n{TESTS}"
