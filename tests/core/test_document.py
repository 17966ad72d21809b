from pathlib import Path

import pytest

from pdd_tasks.core.model.step import PAID, Operation, Step
from pdd_tasks.core.plan.document import document
from pdd_tasks.core.plan.rules import RULES


PAGE = Path(__file__).parents[2] / "docs" / "decision-table.md"


def test_the_committed_page_is_what_the_rows_say():
    said = PAGE.read_text(encoding="utf-8")
    assert said == document(), "run python scripts/decision_table.py"


@pytest.mark.parametrize("step", [pytest.param(step, id=step) for step in Step])
def test_a_steps_section_has_a_line_for_each_row(step):
    section = document().partition(f"\n## {step}\n")[2].partition("\n## ")[0]
    rows = [line.split(" | ") for line in section.splitlines() if line[:3] != "| -"]
    found = [row[1] for row in rows if row[0].removeprefix("| ").isdigit()]
    assert found == [rule.facts for rule in RULES[step]]


def test_what_may_cost_money_stands_out():
    operations = document().partition("\n## Operations\n")[2]
    bold = {line.split("**")[1] for line in operations.splitlines() if "| **" in line}
    assert bold == set(PAID)
    assert "| fix" not in operations
    assert f"| {Operation.RUN_TESTS} | free |  |" in operations
