"""Who decides where prompt and code both changed: rules, then a model, then a person.

Rule 1: few changed definitions are merged by rules alone. Rule 2: a model's opinion
is recorded, and counts only if it is of its schema and sure. Rule 3: whatever is
advised, the merge still has to pass its own checks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pdd_tasks.core.plan.symbols import Symbols
from pdd_tasks.core.prompt.analysis import (
    ANALYSIS_SCHEMA,
    SURE,
    Advice,
    Analysis,
    analysis,
)
from pdd_tasks.engine.material import common, difference, section
from pdd_tasks.engine.ports import Syntax
from pdd_tasks.engine.sides import Sides
from pdd_tasks.engine.work import Work
from pdd_tasks.errors import ReplyError


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What is done, and why; no reason is needed to merge."""

    kind: Advice
    because: str = ""


def judged(work: Work, sides: Sequence[Sides]) -> Judgement:
    """Return what to do with the sides: few changed definitions need no opinion.

    Raises:
        PddError: If a model is needed and cannot be asked.
    """
    changed = sum(symbols_changed(work.view.syntax, one) for one in sides)
    limit = work.unit.settings.merge_threshold
    if changed <= limit:
        return Judgement(kind=Advice.MERGE)
    many = f"{changed} definitions were added or removed, more than {limit}"
    try:
        found = _asked(work, sides)
    except ReplyError as error:
        return Judgement(kind=Advice.ASK, because=f"{many}; {error.message}")
    return _followed(found, many)


def symbols_changed(syntax: Syntax, sides: Sides) -> int:
    """Return how many definitions both sides added or removed since the base.

    0 if nobody has the base, or a text does not parse: then nothing is joined by
    definitions, and an opinion would be worth nothing.
    """
    texts = (sides.base, sides.mine, sides.generated)
    if any(text is None or syntax.problem(text) for text in texts):
        return 0
    base, *others = (syntax.definitions(text or "") for text in texts)
    changed = [Symbols.between(base, other) for other in others]
    return sum(len(one.added) + len(one.removed) for one in changed)


def _asked(work: Work, sides: Sequence[Sides]) -> Analysis:
    values = common(work.view)
    mine = _differences((one, one.mine) for one in sides)
    generated = _differences((one, one.generated) for one in sides)
    values["mine_section"] = section("What the person changed", mine, "diff")
    values["generated_section"] = section(
        "What the changed prompt makes of it", generated, "diff"
    )
    return work.ask("analysis", values, analysis, schema=ANALYSIS_SCHEMA)


def _differences(changed: Iterable[tuple[Sides, str]]) -> str:
    """Return what texts changed of the bases they come from."""
    found = (difference(s.base or "", text, str(s.path)) for s, text in changed)
    return "\n".join(filter(None, found))


def _followed(found: Analysis, many: str) -> Judgement:
    if found.advice is Advice.ASK or not found.sure:
        needed = "" if found.sure else f" where {SURE:g} is needed"
        said = f"the model says {found.advice!s}, {found.confidence:g} sure{needed}"
        return Judgement(kind=Advice.ASK, because=f"{many}; {said}: {found.because}")
    return Judgement(kind=found.advice, because=found.because)
