"""A conflict that waits for a person: what there is to choose from, and the choice.

Rule 1: looking takes no lock and writes nothing. Rule 2: a choice is published with
its fingerprint in one transaction, after a copy of what it replaces, and only onto
the very text that the person was shown.
"""

from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from pdd_tasks.core.merge.result import MergeResult
from pdd_tasks.core.model.artifact import Artifact, Digest
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.model.text_style import plain, styled
from pdd_tasks.core.model.trace import Conflict, Fingerprint, StepRecord
from pdd_tasks.core.model.trace_update import adopted
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.plan.change import HAND_WRITTEN
from pdd_tasks.core.plan.rule import Decision
from pdd_tasks.core.plan.rules import decide
from pdd_tasks.engine.chronicle import chronicled
from pdd_tasks.engine.material import tests_text
from pdd_tasks.engine.observe import observe
from pdd_tasks.engine.outcome import Outcome, Spent
from pdd_tasks.engine.publication import publish
from pdd_tasks.engine.replacement import keep_copies
from pdd_tasks.engine.sides import Sides
from pdd_tasks.engine.steps.merging import with_merge
from pdd_tasks.engine.sync import operate, turn
from pdd_tasks.engine.view import View
from pdd_tasks.engine.work import Result, Work
from pdd_tasks.engine.world import World
from pdd_tasks.errors import ConfigError, ConflictError


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenConflict:
    """A merge that waits for a person, with what it takes to decide it.

    Attributes:
        unit: The unit.
        sides: The three texts.
        because: Why it was not merged, a clause.
        result: What merging by rules makes of the texts: agreed text and the places
            to decide, or one text that was not good enough.
        prompt: The prompt as it is now.
        prompt_before: The prompt that the base was made from; None if nobody has it.
        tests: All test files, each under its path.
    """

    unit: DevUnit
    sides: Sides
    because: str
    result: MergeResult
    prompt: str
    prompt_before: str | None
    tests: str


def open_conflict(world: World, unit: DevUnit) -> OpenConflict | None:
    """Return the conflict that a unit waits with; None if it waits with none.

    Raises:
        PddError: If the unit cannot be looked at.
    """
    view = observe(world, unit)
    path = _waiting(view)
    if not view.facts.conflicted or path is None:
        return None
    found = view.trace.conflicts[str(path)]
    sides = _sides(world, view, path, found)
    result = world.merger.merge(
        unit.language, path, sides.base, sides.mine, sides.generated
    )
    return OpenConflict(
        unit=unit,
        sides=sides,
        because=found.because,
        result=result,
        prompt=view.prompt,
        prompt_before=_prompt_before(world, unit, found),
        tests=tests_text(view),
    )


def _waiting(view: View) -> PurePosixPath | None:
    """Return the first file that waits as it stands."""
    digests, waits = view.snapshot.digests, view.trace.conflicts
    for path in view.unit.code:
        found = waits.get(str(path)) if path in digests else None
        if found is not None and digests[path].text == found.mine.text:
            return path
    return None


def _sides(world: World, view: View, path: PurePosixPath, found: Conflict) -> Sides:
    data = view.snapshot.contents[path]
    known = found.base
    base = None if known is None else world.baselines.find(known.raw, path)
    generated = world.baselines.find(found.generated.raw, path) or b""
    return Sides(
        path=path,
        base=None if base is None else plain(base),
        mine=plain(data),
        generated=plain(generated),
        data=data,
    )


def _prompt_before(world: World, unit: DevUnit, found: Conflict) -> str | None:
    if not found.prompt:
        return None
    data = world.baselines.find(found.prompt, unit.prompt)
    return None if data is None else data.decode("utf-8", "replace")


def prepare(world: World, unit: DevUnit, outcome: Outcome) -> OpenConflict | None:
    """Return the conflict of a unit, generating the other side if nobody has it yet.

    A unit whose code was brought by a person has no text in between: what the prompt
    asks for is generated, which may cost, and set beside the person's.

    Returns:
        None if there is nothing to choose: nothing is due, or both sides merged.

    Raises:
        PddError: If it cannot be generated, or merged text cannot be published.
    """
    found = open_conflict(world, unit)
    if found is not None:
        return found
    with turn(world, unit, outcome):
        view = observe(world, unit)
        wanted = decide(view.facts, Step.GENERATE)
        if not wanted.due or view.facts.code not in HAND_WRITTEN:
            return None
        decision = _merging("asked for with `doit merge`")
        _generated(world, view, decision, outcome)
    return open_conflict(world, unit)


def _generated(world: World, view: View, decision: Decision, outcome: Outcome) -> None:
    """Merge, and leave a conflict on record if the sides do not merge.

    Raises:
        ConflictError: If there is no other side: the person's is no text.
    """
    try:
        operate(world, view, decision, outcome)
    except ConflictError:
        if open_conflict(world, view.unit) is None:
            raise


def resolve(world: World, conflict: OpenConflict, text: str, outcome: Outcome) -> None:
    """Publish a person's choice and record it; syncs go on normally afterwards.

    Args:
        world: The ports.
        conflict: What the person was shown.
        text: What the file shall hold.
        outcome: Grows with what was done.

    Raises:
        ConflictError: If the file or the prompt changed since.
        ConfigError: If the text does not parse.
        PddError: If it cannot be published.
    """
    unit, sides = conflict.unit, conflict.sides
    with turn(world, unit, outcome):
        view = observe(world, unit)
        _refuse_changed(view, conflict)
        if problem := view.syntax.problem(text):
            msg = f"unit {unit.id}: {sides.path}: your choice does not parse: {problem}"
            raise ConfigError(msg, hint="mend it, or choose again")
        spent, decision = Spent(), _merging("a person chose")
        work = Work(world=world, view=view, decision=decision, spent=spent)
        outcome.operations.append(decision.operation)
        with chronicled(world, unit, decision, spent):
            _publish(work, sides, styled(text, sides.data), outcome)


def _merging(because: str) -> Decision:
    return Decision(
        step=Step.GENERATE,
        operation=Operation.MERGE,
        because=because,
        copies=frozenset({Artifact.CODE}),
    )


def _publish(work: Work, sides: Sides, data: bytes, outcome: Outcome) -> None:
    files = {} if data == sides.data else {sides.path: data}
    result = Result(files=files, trace=_chosen(work, sides, data))
    outcome.notes += keep_copies(work, result)
    publish(work, result)


def _chosen(work: Work, sides: Sides, data: bytes) -> Fingerprint:
    """Return the fingerprint after a choice for one file; others may still wait."""
    trace = work.view.trace
    name, generated = str(sides.path), Digest.of(sides.generated.encode())
    if not trace.conflicts.keys() - {name}:
        return with_merge(work, (sides,), {sides.path: data})
    work.world.baselines.keep(sides.generated.encode())
    work.world.baselines.keep(data)
    record = trace.steps.get(Step.GENERATE, StepRecord())
    made = replace(record, outputs={**record.outputs, name: generated})
    others = {path: one for path, one in trace.conflicts.items() if path != name}
    trace = adopted(trace, {name: Digest.of(data)})
    return replace(trace, steps={**trace.steps, Step.GENERATE: made}, conflicts=others)


def _refuse_changed(view: View, conflict: OpenConflict) -> None:
    """Refuse a choice between texts that are no longer those that stand.

    Raises:
        ConflictError: If the code or the prompt was changed.
    """
    sides = conflict.sides
    stands = view.snapshot.contents.get(sides.path)
    if stands != sides.data or not view.facts.conflicted:
        what = sides.path if stands != sides.data else view.unit.prompt
        msg = f"unit {view.unit.id}: {what} changed since you were shown the conflict"
        hint = f"nothing was written; run `doit merge {view.unit.id}` again"
        raise ConflictError(msg, hint=hint)
