"""The decision table: what a step does when its turn comes, and why.

Rule 1: everything that chooses an operation is a row of `RULES`; in a step's rows
the first that matches wins. Rule 2: this file sees facts, never files. Rule 3:
protection of a person's bytes modifies every row; it is not a row.
"""

from typing import Final

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.step import OVERWRITES, Operation, Step
from pdd_tasks.core.plan import checking, making
from pdd_tasks.core.plan.change import HAND_WRITTEN, State
from pdd_tasks.core.plan.facts import Facts
from pdd_tasks.core.plan.rule import KEEP, Decision, Rule


RULES: Final[dict[Step, tuple[Rule, ...]]] = {
    Step.AUTO_DEPS: making.AUTO_DEPS,
    Step.UPDATE: making.UPDATE,
    Step.GENERATE: making.GENERATE,
    Step.EXAMPLE: making.EXAMPLE,
    Step.CRASH: checking.CRASH,
    Step.VERIFY: checking.VERIFY,
    Step.TEST: checking.TEST,
    Step.FIX: checking.FIX,
}


def decide(facts: Facts, step: Step) -> Decision:
    """Return what a step does, given the facts; first matching row wins."""
    rule = next(rule for rule in RULES[step] if rule.when(facts))
    detail = facts.why.get(rule.topic, "")
    because = f"{rule.because}: {detail}" if detail else rule.because
    decision = Decision(step=step, operation=rule.then, because=because, hint=rule.hint)
    return protected(decision, facts)


def protected(decision: Decision, facts: Facts) -> Decision:
    """Return the decision, stopped where it would replace bytes of a person.

    Bytes that were adopted are replaced after the question that `Facts.force`
    answers, and after a safety copy; an edit since the last sync always stops.
    """
    states = {Artifact.CODE: facts.code, Artifact.EXAMPLE: facts.example}
    replaced = OVERWRITES.get(decision.operation, frozenset())
    threatened = frozenset(a for a in replaced if states[a] in HAND_WRITTEN)
    if not threatened:
        return decision
    if facts.force and all(states[a] is State.ADOPTED for a in threatened):
        return Decision(
            step=decision.step,
            operation=decision.operation,
            because=decision.because,
            copies=threatened,
        )
    names = " and ".join(sorted(threatened))
    return Decision(
        step=decision.step,
        operation=Operation.STOP,
        because=f"{decision.because}, but the {names} is a person's and is kept",
        hint=KEEP + _force_hint(states, threatened),
    )


def _force_hint(states: dict[Artifact, State], threatened: frozenset[Artifact]) -> str:
    if all(states[a] is State.ADOPTED for a in threatened):
        return "; `force=1` replaces it after a safety copy"
    return ""
