"""Whether those who are asked for replies answer: one small question each.

It is asked only on request, since it may cost something. Rule 1: the limits of a sync
hold. Rule 2: of keys only the names of their variables are said. Rule 3: the answer is
recorded as all are that were paid for, but shared with nobody.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from pdd_tasks.core.model.ledger import dollars
from pdd_tasks.core.model.settings import ModelSettings, Provider, Replies
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.prompt.request import Message, Request
from pdd_tasks.errors import BudgetError, PddError
from pdd_tasks.plugin.doctor.finding import Finding
from pdd_tasks.plugin.project import Project


_QUESTION: Final = "Answer with the one word: ready"
_MOST_TOKENS: Final = 200  # room for one that thinks aloud
_MOST_S: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of one question.

    Attributes:
        who: Who was asked, as people know it.
        units: How many units would ask there.
        model: Who says it answered; empty if nobody did.
        cost: Micro-dollars of this answer; None if unknown.
        error: Why there is no answer; None if there is one.
    """

    who: str
    units: int
    model: str = ""
    cost: int | None = None
    error: PddError | None = None

    @property
    def line(self) -> str:
        """The same for people."""
        if self.error is not None:
            return f"{self.who}: no answer"
        if not self.model:
            return f"{self.who}: answers when somebody does"
        return f"{self.who}: answers as {self.model}, {dollars(self.cost)}"

    @property
    def value(self) -> Mapping[str, object]:
        """The same for programs."""
        return {
            "who": self.who,
            "units": self.units,
            "answers": self.error is None,
            "model": self.model,
            "micro_dollars": self.cost,
        }

    def findings(self) -> Iterable[Finding]:
        """Give what is wrong.

        Yields:
            A finding, if there is no answer.
        """
        if self.error is not None:
            lift = self.error.lift if isinstance(self.error, BudgetError) else ""
            yield Finding(
                kind="provider",
                what=f"{self.who} does not answer: {self.error.message}",
                why=self.error.hint or "what is not recorded cannot be made",
                command=f"doit doctor --provider {lift}".strip(),
            )


def answers(project: Project) -> tuple[Answer, ...]:
    """Return what everybody answers whom the units of a project would ask."""
    groups: dict[str, list[DevUnit]] = {}
    for unit in project.units:
        groups.setdefault(_who(unit.settings.model), []).append(unit)
    return tuple(_answer(project, who, units) for who, units in sorted(groups.items()))


def _answer(project: Project, who: str, units: list[DevUnit]) -> Answer:
    unit, number = units[0], len(units)
    if unit.settings.model.provider is Provider.MANUAL:
        return Answer(who=who, units=number)
    try:
        model = project.world(unit).model(_hurried(unit))
        reply = model.complete(_request(unit.settings.model))
    except PddError as error:
        return Answer(who=who, units=number, error=error)
    return Answer(who=who, units=number, model=reply.model, cost=reply.cost)


def _hurried(unit: DevUnit) -> DevUnit:
    """Return a unit that asks once, not for long, and whatever is recorded."""
    model = unit.settings.model
    model = replace(
        model,
        replies=Replies.REFRESH,
        retries=0,
        timeout_s=min(model.timeout_s, _MOST_S),
        cache_user=False,
        cache_remote="",
    )
    return replace(unit, settings=replace(unit.settings, model=model))


def _request(settings: ModelSettings) -> Request:
    return Request(
        kind="doctor",
        template="doctor@1",
        endpoint=settings.endpoint or settings.model.partition("/")[0],
        model=settings.model,
        messages=(Message("user", _QUESTION),),
        max_tokens=_MOST_TOKENS,
        temperature=settings.temperature,
    )


def _who(settings: ModelSettings) -> str:
    match settings.provider:
        case Provider.MANUAL:
            return "a person (provider=manual)"
        case Provider.COMMAND:
            name = settings.agent or " ".join(settings.command[:1]) or "no command"
            return f"command {name}" + (f", {settings.model}" if settings.model else "")
        case Provider.LITELLM:
            at = f" at {settings.api_base}" if settings.api_base else ""
            return f"{settings.model or 'no model'}{at}"
