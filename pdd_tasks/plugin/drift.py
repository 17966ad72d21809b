"""How a unit drifts, as lines for people and as values for JSON."""

from collections.abc import Iterable, Mapping

from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.plan.drift import MEANINGS, Drift, DriftKind
from pdd_tasks.errors import PddError


def troubles(error: PddError | None, *, cut_off: bool) -> tuple[Drift, ...]:
    """Return what keeps a unit from being looked at as it stands.

    Args:
        error: Why it cannot be looked at; None if it can.
        cut_off: An earlier run left a publication of it open.
    """
    refused, open_ = DriftKind.REFUSED, DriftKind.CUT_OFF
    found = []
    if error is not None:
        found.append(Drift(kind=refused, because=error.message))
    if cut_off:
        found.append(Drift(kind=open_, because=MEANINGS[open_]))
    return tuple(found)


def drift_lines(unit: DevUnit, found: Iterable[Drift]) -> list[str]:
    """Return a line for each way in which a unit drifts."""
    return [f"{unit.id} drift: {one.kind}: {_place(unit, one)}" for one in found]


def _place(unit: DevUnit, drift: Drift) -> str:
    if drift.path is None or drift.command:
        return f"{drift.because}; {drift.command}" if drift.command else drift.because
    line = f":{drift.line}" if drift.line else ""
    return f"{unit.root / drift.path}{line}"


def drift_mapping(unit: DevUnit, found: Iterable[Drift]) -> list[Mapping[str, object]]:
    """Return the same as plain values for JSON."""
    return [
        {
            "kind": str(one.kind),
            "because": one.because,
            "file": str(unit.root / one.path) if one.path else None,
            "line": one.line,
            "mend": one.mend(str(unit.id)),
        }
        for one in found
    ]
