"""Explanations as plain values for JSON, by docs/schemas/explain.schema.json."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Final

from pdd_tasks.core.plan.cause import WORDS, Cause
from pdd_tasks.plugin.explain_lines import hint_of
from pdd_tasks.plugin.explained import Explanation, StepView
from pdd_tasks.plugin.question import Question


SCHEMA: Final = 1


def mapping(found: Sequence[Explanation], at_rest: int = 0) -> Mapping[str, object]:
    """Return explanations as plain values for JSON."""
    return {
        "schema": SCHEMA,
        "current": at_rest,
        "units": [_entry(one) for one in found],
    }


def _entry(one: Explanation) -> Mapping[str, object]:
    return {
        "unit": str(one.unit.id),
        "step": None if one.step is None else str(one.step),
        "state": str(one.state),
        "error": None if one.error is None else one.error.message,
        "hint": (one.error.hint if one.error else hint_of(one)) or None,
        "remarks": [{"kind": r.kind, "text": r.text} for r in one.remarks],
        "causes": [_cause(cause) for cause in one.causes],
        "ways": [list(route.nodes) for route in one.routes],
        "steps": [_step(view) for view in one.steps],
        "asks": _question(one.total),
    }


def _cause(cause: Cause) -> Mapping[str, object]:
    return {
        "kind": str(cause.kind),
        "said": WORDS[cause.kind],
        "unit": cause.unit,
        "subject": cause.subject,
        "steps": [str(step) for step in cause.steps],
        "before": cause.before or None,
        "now": cause.now or None,
        "note": cause.note or None,
        "hunk": list(cause.hunk),
        "more_hunks": cause.more_hunks,
        "commit": None if cause.commit is None else asdict(cause.commit),
        "uncommitted": cause.uncommitted,
    }


def _step(view: StepView) -> Mapping[str, object]:
    return {
        "step": str(view.decision.step),
        "state": str(view.state),
        "operation": str(view.decision.operation),
        "because": view.decision.because,
        "row": view.row.number,
        "facts": view.row.rule.facts,
        "asks": _question(view.asks),
        "made": view.made or None,
        "model": view.model or None,
    }


def _question(asked: Question | None) -> Mapping[str, object] | None:
    return (
        None
        if asked is None
        else {
            **asked._asdict(),
            "kinds": list(asked.kinds),
            "missing": list(asked.missing),
        }
    )
