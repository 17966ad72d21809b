from pathlib import PurePosixPath
from typing import Any

import pytest

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.plan.change_report import (
    HIGH_FROM,
    MEDIUM_FROM,
    WEIGHTS,
    ChangeReport,
    FileChange,
    How,
    Impact,
    Kind,
    Part,
    counted_lines,
)
from pdd_tasks.core.plan.symbols import Symbols


def _file(artifact: Artifact = Artifact.CODE, **fields: Any) -> FileChange:
    plain = {"how": How.CHANGED, "added": 1, "removed": 1}
    return FileChange(
        path=PurePosixPath("x.py"), artifact=artifact, **{**plain, **fields}
    )


def _report(*files: FileChange, dependencies: tuple[str, ...] = ()) -> ChangeReport:
    return ChangeReport(files=files, dependencies=dependencies, decisions=())


def test_nothing_that_changed_weighs_nothing():
    report = _report()
    assert not report.changed
    assert not report.structural
    assert (report.score, report.parts, report.impact) == (0, (), Impact.LOW)


@pytest.mark.parametrize(
    "report, parts",
    [
        pytest.param(
            _report(_file(Artifact.PROMPT, added=30, removed=25)),
            [(Kind.PROMPT, 1, 3), (Kind.LINES, 55, 2)],
            id="prompt",
        ),
        pytest.param(
            _report(dependencies=("a.md", "b.md")),
            [(Kind.DEPENDENCIES, 2, 4)],
            id="dependencies",
        ),
        pytest.param(
            _report(_file(interface=True)), [(Kind.INTERFACE, 1, 5)], id="interface"
        ),
        pytest.param(
            _report(
                _file(
                    symbols=Symbols(
                        added=("a",), removed=("b", "c"), changed=("d", "e", "f")
                    )
                )
            ),
            [(Kind.REMOVED, 2, 6), (Kind.ADDED, 1, 1), (Kind.CHANGED, 3, 3)],
            id="definitions",
        ),
        pytest.param(
            _report(_file(symbols=Symbols(added=tuple("abcdefghij")))),
            [(Kind.ADDED, 10, 6)],
            id="no more than the bound",
        ),
        pytest.param(
            _report(_file(added=24, removed=0)), [], id="too few lines to count"
        ),
        pytest.param(
            _report(_file(added=None, removed=None)), [], id="lines nobody knows"
        ),
        pytest.param(
            _report(_file(how=How.DELETED)), [(Kind.DELETED, 1, 4)], id="deleted"
        ),
        pytest.param(
            _report(
                _file(Artifact.EXAMPLE, symbols=Symbols(added=("a",))),
                _file(Artifact.TESTS, added=100),
            ),
            [(Kind.EXAMPLE, 1, 1), (Kind.TESTS, 1, 1)],
            id="example and tests",
        ),
    ],
)
def test_a_score_has_its_parts(report, parts):
    assert report.parts == tuple(Part(*part) for part in parts)
    assert report.score == sum(points for _, _, points in parts)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_weight_and_a_bound(kind):
    weight = WEIGHTS[kind]
    assert 0 < weight.points <= weight.most


@pytest.mark.parametrize(
    "names, impact",
    [
        pytest.param(0, Impact.LOW, id="low"),
        pytest.param(2, Impact.MEDIUM, id="medium"),
        pytest.param(4, Impact.HIGH, id="high"),
    ],
)
def test_the_score_has_a_word(names, impact):
    report = _report(_file(symbols=Symbols(removed=tuple("abcdef"[:names]))))
    assert report.impact is impact
    assert MEDIUM_FROM < HIGH_FROM


@pytest.mark.parametrize(
    "change, structural",
    [
        pytest.param(_file(), False, id="a body"),
        pytest.param(_file(symbols=Symbols(changed=("a",))), False, id="a definition"),
        pytest.param(_file(symbols=Symbols(added=("a",))), True, id="one more"),
        pytest.param(_file(interface=True), True, id="interface"),
        pytest.param(_file(how=How.ADDED), True, id="a new file"),
        pytest.param(_file(Artifact.PROMPT, how=How.ADDED), False, id="a prompt"),
    ],
)
def test_what_is_structural(change, structural):
    report = _report(change)
    assert report.changed
    assert report.structural is structural


def test_lines_are_counted_as_git_counts_them():
    assert counted_lines("a\nb\nc\n", "a\nx\ny\nc\n") == (2, 1)
    assert counted_lines("", "a\n") == (1, 0)
    assert counted_lines("a\n", "") == (0, 1)
    assert counted_lines("a\r\n", "a\n") == (0, 0)
