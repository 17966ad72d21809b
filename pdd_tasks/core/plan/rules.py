"""The decision table: what a step does when its turn comes, and why.

Rule 1: everything that chooses an operation is a row of `RULES`; in a step's rows
the first that matches wins. Rule 2: this file sees facts, never files. Rule 3:
protection of a person's bytes modifies every row; it is not a row. Rule 4: nor is it
one that a profile goes on without a step that gave up.
"""

from dataclasses import replace
from typing import Final

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.operation_graph import after
from pdd_tasks.core.model.step import OVERWRITES, Operation, Step
from pdd_tasks.core.plan import checking, making
from pdd_tasks.core.plan.change import HAND_WRITTEN, State
from pdd_tasks.core.plan.facts import Facts
from pdd_tasks.core.plan.rule import KEEP, Decision, Rule, no_turn


RULES: Final[dict[Step, tuple[Rule, ...]]] = {
    Step.AUTO_DEPS: (*no_turn(Step.AUTO_DEPS), *making.AUTO_DEPS),
    Step.UPDATE: (*no_turn(Step.UPDATE), *making.UPDATE),
    Step.GENERATE: (*no_turn(Step.GENERATE), *making.GENERATE),
    Step.EXAMPLE: (*no_turn(Step.EXAMPLE), *making.EXAMPLE),
    Step.CRASH: (*no_turn(Step.CRASH), *checking.CRASH),
    Step.VERIFY: (*no_turn(Step.VERIFY), *checking.VERIFY),
    Step.TEST: (*no_turn(Step.TEST), *checking.TEST),
    Step.FIX: (*no_turn(Step.FIX), *checking.FIX),
}


REPAIRS: Final = frozenset({Operation.FIX, Operation.REPAIR})
"""Operations that a person may ask for on code of their own."""

_FORCE_HINT: Final = "; `force=1` replaces it after a safety copy"
_REPAIR_HINT: Final = (
    "mend the code (or its tests) and run `doit sync:{unit}` again, or let"
    " `doit sync:{unit} fix=1` try"
)


def decide(facts: Facts, step: Step) -> Decision:
    """Return what a step does, given the facts; first matching row wins."""
    rule = next(rule for rule in RULES[step] if rule.when(facts))
    detail = facts.why.get(rule.topic, "")
    because = f"{rule.because}: {detail}" if detail else rule.because
    decision = Decision(
        step=step,
        operation=rule.then,
        because=because,
        hint=rule.hint,
        left_out=rule.leaves_out,
    )
    return tolerated(protected(decision, facts), facts)


def tolerated(decision: Decision, facts: Facts) -> Decision:
    """Return the decision; to go on where the profile tolerates that a step gave up."""
    gave_up = decision.operation is Operation.GAVE_UP
    if not (gave_up and decision.step in facts.tolerated):
        return decision
    because = f"{decision.because}; the profile goes on without it"
    return replace(decision, operation=Operation.NOTHING, because=because, hint="")


def blocked(facts: Facts, skipping: frozenset[Step]) -> frozenset[Step]:
    """Return the steps that have no turn, since one that they need gave up.

    Args:
        facts: What is known, these steps aside.
        skipping: Steps of which the profile says so.
    """
    strict = replace(facts, tolerated=frozenset())
    gave_up = [s for s in skipping if decide(strict, s).operation is Operation.GAVE_UP]
    return frozenset(one for step in gave_up for one in after(step))


def protected(decision: Decision, facts: Facts) -> Decision:
    """Return the decision, stopped where it would replace bytes of a person.

    Bytes that were adopted are replaced after the question that `Facts.force`
    answers, code is repaired where `Facts.fix` asks for it, and what is merged with
    the generated text replaces what went into it, each after a safety copy. Nothing
    else replaces an edit.
    """
    states = {Artifact.CODE: facts.code, Artifact.EXAMPLE: facts.example}
    replaced = _replaced(decision.operation, facts)
    threatened = frozenset(a for a in replaced if states[a] in HAND_WRITTEN)
    if not threatened:
        return decision
    if decision.operation is Operation.MERGE:
        return replace(decision, copies=threatened)
    all_adopted = all(states[a] is State.ADOPTED for a in threatened)
    repairs = decision.operation in REPAIRS
    if facts.fix if repairs else all_adopted and facts.force:
        return replace(decision, copies=threatened)
    names = " and ".join(sorted(threatened))
    hint = _REPAIR_HINT if repairs else KEEP + (_FORCE_HINT if all_adopted else "")
    return Decision(
        step=decision.step,
        operation=Operation.STOP,
        because=f"{decision.because}, but the {names} is a person's and is kept",
        hint=hint,
    )


def _replaced(operation: Operation, facts: Facts) -> frozenset[Artifact]:
    if operation is Operation.REPAIR and facts.fix:
        return frozenset({Artifact.CODE})
    return OVERWRITES.get(operation, frozenset())
