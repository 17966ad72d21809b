import json
from pathlib import PurePosixPath

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.plan.change_report import ChangeReport, FileChange, How
from pdd_tasks.core.plan.rule import Decision
from pdd_tasks.core.plan.symbols import Symbols
from pdd_tasks.plugin.change_lines import block, change_mapping


REPORT = ChangeReport(
    files=(
        FileChange(
            path=PurePosixPath("src/x.py"),
            artifact=Artifact.CODE,
            how=How.CHANGED,
            added=12,
            removed=3,
            symbols=Symbols(added=tuple("abcdefg"), changed=("Box.put",)),
            interface=True,
        ),
        FileChange(
            path=PurePosixPath("tests/test_x.py"),
            artifact=Artifact.TESTS,
            how=How.CHANGED,
            added=None,
            removed=None,
        ),
    ),
    dependencies=("docs/money.md",),
    decisions=(
        Decision(step=Step.UPDATE, operation=Operation.RUN_EXAMPLE, because="x"),
    ),
)


def test_a_unit_that_changed_has_a_block_of_lines():
    assert block("x_python", REPORT) == [
        "x_python changes: impact high, structural",
        (
            "  code src/x.py: changed, +12 -3 lines; added a, b, c, d, e and 2 more;"
            " changed Box.put; another interface"
        ),
        "  tests tests/test_x.py: changed, old bytes unknown",
        "  included: docs/money.md",
        (
            "  score 15: dependencies 2, interface 5, definitions added 6,"
            " definitions changed 1, tests 1"
        ),
        "  next: update: run example",
    ]


def test_a_unit_that_did_not_change_has_none():
    report = ChangeReport(files=(), dependencies=(), decisions=())
    assert block("x_python", report) == []


def test_a_change_of_nothing_that_is_due_says_so():
    report = ChangeReport(files=(), dependencies=("a.md",), decisions=())
    assert block("x_python", report) == [
        "x_python changes: impact low",
        "  included: a.md",
        "  score 2: dependencies 2",
        "  next: nothing",
    ]


def test_the_same_is_said_to_programs_unshortened():
    found = json.loads(json.dumps(change_mapping(REPORT)))
    assert (found["impact"], found["score"], found["structural"]) == ("high", 15, True)
    assert found["parts"][0] == {"kind": "dependencies", "number": 1, "points": 2}
    code, tests = found["files"]
    assert code["symbols"]["added"] == list("abcdefg")
    assert (tests["added"], tests["removed"]) == (None, None)
    assert found["dependencies"] == ["docs/money.md"]
