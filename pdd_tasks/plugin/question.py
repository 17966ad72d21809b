"""What due steps would ask a model, and at what price; nothing is asked."""

from typing import NamedTuple

from pdd_tasks.adapters.models.reply_cache import is_recorded
from pdd_tasks.core.model.settings import Provider, Replies
from pdd_tasks.core.model.step import PAID
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.plan.plan import Plan
from pdd_tasks.core.plan.rule import Decision
from pdd_tasks.engine.rehearsal import first_request
from pdd_tasks.plugin.estimate import estimate
from pdd_tasks.plugin.project import Project


class Question(NamedTuple):
    """What steps would ask a model.

    Attributes:
        kinds: What they ask for, in their order.
        model: Who would be asked; empty if no model is configured.
        recorded: Every first reply is on record: it costs nothing.
        missing: Those of which no reply is on record, though only such count.
        likely: What it costs as often as not, micro-dollars; None if no price is known.
        high: What is exceeded in less than one of ten cases; None likewise.
    """

    kinds: tuple[str, ...]
    model: str
    recorded: bool
    missing: tuple[str, ...]
    likely: int | None
    high: int | None


def question(project: Project, unit: DevUnit, plan: Plan) -> Question | None:
    """Return what a unit's due steps would ask; None if they ask nothing.

    Args:
        project: The project.
        unit: The unit.
        plan: Its plan, or that of some of its steps.
    """
    paid = [d for d in plan.due if d.operation in PAID]
    if not paid:
        return None
    settings = unit.settings.model
    prediction = estimate(project, [(unit, plan)]).total
    known = {str(d.operation): _is_recorded(project, unit, d) for d in paid}
    missing = [what for what, is_there in known.items() if is_there is False]
    who = "you" if settings.provider is Provider.MANUAL else settings.model
    return Question(
        kinds=tuple(str(d.operation) for d in paid),
        model=who,
        recorded=all(known.values()),
        missing=tuple(missing if settings.replies is Replies.REPLAY else ()),
        likely=prediction.middle if prediction else None,
        high=prediction.high if prediction else None,
    )


def _is_recorded(project: Project, unit: DevUnit, decision: Decision) -> bool | None:
    """Return whether an operation's first reply is on record; None if unknown."""
    request = first_request(project.world(unit), unit, decision)
    if request is None:
        return None
    fresh = unit.settings.model.replies is Replies.REFRESH
    return not fresh and is_recorded(project.top / unit.root, request)
