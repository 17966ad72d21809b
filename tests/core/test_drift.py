from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

import pytest

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.plan.change_report import (
    ChangeReport,
    FileChange,
    How,
    first_difference,
)
from pdd_tasks.core.plan.drift import MEANINGS, Drift, DriftKind, drifts, mend
from pdd_tasks.core.plan.rule import Decision


CODE_PATH = PurePosixPath("src/x.py")
DUE = (
    Decision(step=Step.AUTO_DEPS, operation=Operation.INJECT_DEPS, because="other"),
    Decision(step=Step.GENERATE, operation=Operation.MERGE, because="both: src/x.py"),
)


def _file(artifact: Artifact, how: How = How.CHANGED, line: int = 7) -> FileChange:
    return FileChange(
        path=CODE_PATH, artifact=artifact, how=how, added=1, removed=1, line=line
    )


def _kinds(*files: FileChange, **fields: Any) -> list[DriftKind]:
    plain: dict[str, Any] = {"dependencies": (), "decisions": DUE, **fields}
    return [one.kind for one in drifts(ChangeReport(files=files, **plain))]


@pytest.mark.parametrize(
    "artifact, kind",
    [
        pytest.param(Artifact.PROMPT, DriftKind.PROMPT_MOVED, id="prompt"),
        pytest.param(Artifact.CODE, DriftKind.CODE_EDITED, id="code"),
        pytest.param(Artifact.EXAMPLE, DriftKind.EXAMPLE_EDITED, id="example"),
        pytest.param(Artifact.TESTS, DriftKind.TESTS_EDITED, id="tests"),
    ],
)
def test_a_file_that_changed_drifts_by_its_kind(artifact, kind):
    (found,) = drifts(
        ChangeReport(files=(_file(artifact),), dependencies=(), decisions=DUE)
    )
    assert (found.kind, found.because) == (kind, MEANINGS[kind])
    assert (found.path, found.line) == (CODE_PATH, 7)


def test_a_change_of_nothing_that_is_due_is_no_drift():
    assert _kinds(_file(Artifact.TESTS), decisions=()) == []


def test_a_file_that_is_gone_is_missing_whatever_it_was():
    assert _kinds(_file(Artifact.EXAMPLE, How.DELETED)) == [DriftKind.FILE_MISSING]


def test_what_stands_of_a_unit_that_was_never_built_is_no_edit():
    files = (_file(Artifact.PROMPT, How.ADDED), _file(Artifact.CODE, How.ADDED))
    found = _kinds(*files, conflict=True)
    assert found == [DriftKind.NEVER_BUILT]


def test_each_part_that_a_prompt_includes_drifts_by_itself():
    found = drifts(ChangeReport(files=(), dependencies=("a.md", "b.md"), decisions=DUE))
    assert [(one.kind, str(one.path)) for one in found] == [
        (DriftKind.DEPENDENCY_MOVED, "a.md"),
        (DriftKind.DEPENDENCY_MOVED, "b.md"),
    ]


def test_a_conflict_stands_for_prompt_and_code_and_for_nothing_else():
    found = drifts(
        ChangeReport(
            files=(
                _file(Artifact.PROMPT, line=1),
                _file(Artifact.CODE, line=3),
                _file(Artifact.TESTS),
            ),
            dependencies=(),
            decisions=DUE,
            conflict=True,
        )
    )
    assert [one.kind for one in found] == [DriftKind.CONFLICT, DriftKind.TESTS_EDITED]
    assert (found[0].because, found[0].line) == ("both: src/x.py", 3)


def test_a_conflict_with_adopted_code_shows_in_no_file():
    (found,) = drifts(
        ChangeReport(
            files=(_file(Artifact.PROMPT),),
            dependencies=(),
            decisions=DUE[:1],
            conflict=True,
        )
    )
    assert (found.kind, found.path) == (DriftKind.CONFLICT, None)
    assert found.because == MEANINGS[DriftKind.CONFLICT]


def test_what_is_due_without_a_change_is_said_by_its_step():
    (found,) = drifts(ChangeReport(files=(), dependencies=(), decisions=DUE))
    assert found.kind is DriftKind.UNFINISHED
    assert found.because == "auto-deps is due: other"


def test_the_worst_comes_first():
    found = _kinds(_file(Artifact.TESTS), _file(Artifact.CODE, How.DELETED))
    assert found == [DriftKind.FILE_MISSING, DriftKind.TESTS_EDITED]


def test_every_kind_has_a_meaning_and_a_command():
    assert set(MEANINGS) == set(DriftKind)
    assert {mend(kind, "x_python") for kind in DriftKind} == {
        "doit sync:x_python",
        "doit merge x_python",
        "doit pending x_python",
        "git add FILES",
    }


def test_a_drift_may_have_a_command_of_its_own():
    plain = Drift(kind=DriftKind.CODE_EDITED, because="x")
    assert plain.mend("x_python") == "doit sync:x_python"
    assert replace(plain, command="git add x").mend("x_python") == "git add x"


@pytest.mark.parametrize(
    "before, now, line",
    [
        pytest.param("a\nb\n", "a\nc\n", 2, id="changed"),
        pytest.param("a\n", "a\nb\n", 2, id="added"),
        pytest.param("a\nb\nc\n", "a\n", 1, id="cut"),
        pytest.param("a\n", "", 1, id="emptied"),
        pytest.param("", "a\n", 1, id="new"),
    ],
)
def test_the_first_line_that_differs_is_one_that_stands(before, now, line):
    assert first_difference(before, now) == line
