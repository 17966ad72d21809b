"""What a profile asks around a step: a person's consent, and patience with failure."""

from pdd_tasks.core.model.step import OVERWRITES, PAID, Step
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.plan.rule import Decision
from pdd_tasks.engine.observe import observe
from pdd_tasks.engine.world import World


def confirm(world: World, unit: DevUnit, decision: Decision) -> None:
    """Ask a person before an operation that the profile wants to be asked about.

    Raises:
        ConfigError: If the answer is no, or there is nobody to ask.
    """
    settings = unit.settings
    asked = settings.profile.part(decision.step).confirm
    if not asked or decision.operation not in PAID:
        return
    replaced = " and ".join(sorted(OVERWRITES.get(decision.operation, ())))
    effect = "may ask a model" + (f" and replaces the {replaced}" if replaced else "")
    question = (
        f"{unit.id} {decision.step}: {decision.because}\n"
        f"  {decision.operation} {effect}"
    )
    world.consent.confirm(question, yes=settings.yes)
    world.locks.beat(unit.id)  # a person may have taken their time


def tolerates(world: World, unit: DevUnit, step: Step) -> bool:
    """Return whether a step that failed gave up for good, and may by the profile."""
    facts = observe(world, unit).facts
    return step in facts.tolerated & facts.gave_up
