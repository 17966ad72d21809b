"""Which artifacts of a person an operation puts at risk, and the copy kept of them.

The table protects code and example. What is written is looked at here once more: a
prompt is always a person's, tests may be, and code that is taken as generated will
not be protected any longer.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.model.trace import StepRecord
from pdd_tasks.core.plan.change import State
from pdd_tasks.engine.work import Result, Work


_A_PERSONS: Final = (Artifact.PROMPT, Artifact.TESTS)


def keep_copies(work: Work, result: Result) -> list[str]:
    """Return a line on the safety copy kept of what the operation replaces."""
    replaced = {a for a in work.decision.copies if _touched(work, result, a)}
    threatened = sorted(replaced | endangered(work, result))
    files = {p: d for a in threatened for p, d in work.view.contents(a).items()}
    if not files:
        return []
    files |= record(work)
    name = work.world.safety.copy(work.unit.id, files, work.decision.because)
    what, undo = " and the ".join(threatened), f"`doit undo {work.unit.id}`"
    return [f"a copy of the {what} is in {name}: {undo} gets it back"]


def _touched(work: Work, result: Result, artifact: Artifact) -> bool:
    return not result.files.keys().isdisjoint(work.unit.paths(artifact))


def endangered(work: Work, result: Result) -> frozenset[Artifact]:
    """Return artifacts of which a line would be lost, or the protection.

    Lines that are only added, such as the first block of a prompt or a further test,
    lose nothing. Code whose edit the prompt now describes counts as generated from
    then on, so that is when it is copied.
    """
    found = frozenset(a for a in _A_PERSONS if _loses(work, result, a))
    taken = work.decision.operation is Operation.APPLY_UPDATE
    return found | {Artifact.CODE} if taken or _unknown(work, result) else found


def _unknown(work: Work, result: Result) -> bool:
    """Return whether code is replaced that stands beside code that is absent.

    All of it is made anew then; what nobody here made may be a person's.
    """
    made = work.view.trace.steps.get(Step.GENERATE, StepRecord()).outputs
    known = {name: digest.text for name, digest in made.items()}
    code = work.view.digests(Artifact.CODE).items()
    return work.view.facts.code is State.ABSENT and any(
        PurePosixPath(name) in result.files and known.get(name) != digest.text
        for name, digest in code
    )


def record(work: Work) -> dict[PurePosixPath, bytes]:
    """Return the fingerprint as it lies on disk, where it is worth a copy.

    With the prompt alone put back, an edit that the prompt had come to describe would
    count as generated from a prompt that knows nothing of it, and be replaced.
    """
    if work.decision.operation is not Operation.APPLY_UPDATE:
        return {}
    traces = work.world.traces
    path = traces.fingerprint_write(work.unit.id, work.view.trace).path
    data = work.world.files.read(path)
    return {} if data is None else {path: data}


def _loses(work: Work, result: Result, artifact: Artifact) -> bool:
    before = work.view.contents(artifact)
    return any(
        not is_extended(before[path], data)
        for path, data in result.files.items()
        if path in before
    )


def is_extended(before: bytes, after: bytes) -> bool:
    """Return whether all lines of a text are in another one, in their order."""
    return _all_in(iter(before.splitlines()), iter(after.splitlines()))


def _all_in(wanted: Iterator[bytes], given: Iterator[bytes]) -> bool:
    return all(line in given for line in wanted)
