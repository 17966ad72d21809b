"""The decision table as a page for people, made from the rows themselves.

What is not here: the file it is written to (`scripts/decision_table.py`).
"""

from collections.abc import Iterable, Iterator

from pdd_tasks.core.model.step import OVERWRITES, PAID, Operation, Step
from pdd_tasks.core.plan.change import HAND_WRITTEN
from pdd_tasks.core.plan.rule import KEEP, Rule
from pdd_tasks.core.plan.rules import RULES


_HEAD = """\
# The decision table

What a step does when its turn comes, and why.
This page is made from the code by `python scripts/decision_table.py`.

A step's rows are read from the top, and the first that matches wins.
After `…` in a reason comes its detail, for example the name of the file that changed.
Then *protection* (at the end) is applied to what the row says.
"""

_PROTECTION = """\
## Protection

It modifies every row and is none itself.
An artifact is a person's if it is {states}.
Where an operation would replace it, the step stops for that person, exit code 4.
With `force=1` what was adopted is replaced, after a safety copy.
What *merge* makes of both sides replaces yours, after a safety copy.
An edit made since the last sync is never replaced otherwise.

> {keep}
"""


def document() -> str:
    """Return the table as Markdown."""
    parts = [_HEAD, *(_section(step, RULES[step]) for step in Step), _protection()]
    return "\n".join([*parts, _operations()])


def _section(step: Step, rules: Iterable[Rule]) -> str:
    rows = [
        (str(number), rule.facts, _named(rule.then), _because(rule))
        for number, rule in enumerate(rules, 1)
    ]
    table = _table(("", "facts", "operation", "because"), rows)
    said = [
        f"Row {number}, what to do: {rule.hint.format(unit='UNIT')}.\n"
        for number, rule in enumerate(rules, 1)
        if rule.hint
    ]
    return "\n".join([f"## {step}\n", table, *said])


def _because(rule: Rule) -> str:
    return f"{rule.because} …" if rule.topic else rule.because


def _named(operation: Operation) -> str:
    return f"**{operation}**" if operation in PAID else str(operation)


def _protection() -> str:
    states = ", ".join(f"*{state}*" for state in sorted(HAND_WRITTEN))
    return _PROTECTION.format(states=states, keep=KEEP.format(unit="UNIT"))


def _operations() -> str:
    rows = [
        (_named(one), "may ask a model" if one in PAID else "free", _replaced(one))
        for one in Operation
    ]
    table = _table(("operation", "cost", "replaces"), rows)
    return f"## Operations\n\nThose in bold may ask a model.\n\n{table}"


def _replaced(operation: Operation) -> str:
    return " and ".join(sorted(OVERWRITES.get(operation, ())))


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return "".join(f"{line}\n" for line in _lines(head, rows))


def _lines(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for row in (head, ("---",) * len(head), *rows):
        cells = (cell.replace("|", "\\|") for cell in row)
        yield f"| {' | '.join(cells)} |"
