"""A person saved a file while a step was publishing it: both become one text.

Rule 1: the person's save stands until it is merged, and a copy of it is kept. Rule 2:
if nothing was published the step decides again, now with the save before its eyes.
Rule 3: what does not merge is on record as a conflict, and a person chooses.
"""

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Final

from pdd_tasks.core.merge.result import Merged
from pdd_tasks.core.model.artifact import Digest
from pdd_tasks.core.model.language import Language
from pdd_tasks.core.model.publication import Write
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.text_style import plain, styled
from pdd_tasks.core.model.trace import Conflict, Fingerprint
from pdd_tasks.core.model.trace_update import conflicted, forgotten
from pdd_tasks.core.plan.rule import CHOOSE
from pdd_tasks.engine.sides import prompt_before
from pdd_tasks.engine.work import Result, Work
from pdd_tasks.errors import ConflictError, DisplacedError, Saved


_PROSE: Final = Language(name="prompt", extensions=("prompt",), environment={})


def reconcile(work: Work, result: Result, displaced: DisplacedError) -> tuple[str, ...]:
    """Join what a person saved meanwhile with what the step published.

    Returns:
        Lines for people; the step may decide again.

    Raises:
        ConflictError: If the two do not merge; the save stands.
    """
    parked = [saved for saved in displaced.saved if saved.parked is not None]
    if not parked:
        names = ", ".join(str(saved.path) for saved in displaced.saved)
        return (f"{names} was saved meanwhile: nothing was written, looking again",)
    merged = {saved.path: _merged(work, result, saved) for saved in parked}
    lost = [saved for saved in parked if merged[saved.path] is None]
    _publish(work, [saved for saved in parked if saved not in lost], merged)
    if lost:
        _record(work, result, lost, displaced)
    return tuple(
        f"{saved.path} was saved meanwhile: your save and the result were merged"
        for saved in parked
    )


def _merged(work: Work, result: Result, saved: Saved) -> Write | None:
    """Return the write that joins a save with the result; None if it cannot be."""
    mine, ours = work.world.files.read(saved.path), result.files.get(saved.path)
    base = work.view.seen.get(saved.path)
    if mine is None or ours is None or base is None:
        return None
    try:
        texts = (plain(base), plain(mine), plain(ours))
    except UnicodeDecodeError:
        return None
    language = _language(work, saved.path)
    found = work.world.merger.merge(language, saved.path, *texts)
    if not isinstance(found, Merged):
        return None
    data = styled(found.text, mine)
    return Write(path=saved.path, data=data, expected=Digest.of(mine).raw)


def _language(work: Work, path: PurePosixPath) -> Language:
    return _PROSE if path == work.unit.prompt else work.unit.language


def _publish(
    work: Work,
    saved: Sequence[Saved],
    merged: dict[PurePosixPath, Write | None],
) -> None:
    """Publish merged files, each after a copy of what the person saved there."""
    writes = [write for one in saved if (write := merged[one.path]) is not None]
    if not writes:
        return
    read = work.world.files.read
    copies = {write.path: read(write.path) or b"" for write in writes}
    because = "saved while a step was publishing; merged with its result"
    work.world.safety.copy(work.unit.id, copies, because)
    work.world.publisher.publish(work.unit.id, writes)
    work.world.publisher.discard_parked(work.unit.id, saved)


def _record(
    work: Work, result: Result, lost: Sequence[Saved], displaced: DisplacedError
) -> None:
    """Record that a save of the code and the generated code wait for a person.

    Raises:
        ConflictError: Always; the save stands, and the result is kept.
    """
    code = next((one for one in lost if one.path in work.unit.code), None)
    if code is None:
        raise displaced
    trace = _conflicted(work, result, code)
    write = work.world.traces.fingerprint_write(work.unit.id, trace)
    work.world.publisher.publish(work.unit.id, [write])
    work.world.publisher.discard_parked(work.unit.id, [code])
    msg = (
        f"unit {work.unit.id}: {code.path} was saved while it was published; your save"
        " stands, and it does not merge with what was generated"
    )
    raise ConflictError(msg, hint=CHOOSE.format(unit=work.unit.id))


def _conflicted(work: Work, result: Result, code: Saved) -> Fingerprint:
    """Return the fingerprint in which a save and the generated code wait."""
    world, after = work.world, work.after(result.files)
    mine, ours = world.files.read(code.path) or b"", result.files[code.path]
    base = work.view.seen.get(code.path)
    for data in (mine, ours, *([] if base is None else [base])):
        world.baselines.keep(data)
    waiting = Conflict(
        triggers=after.triggers[Step.GENERATE],
        base=None if base is None else Digest.of(base),
        mine=Digest.of(mine),
        generated=Digest.of(ours),
        prompt=prompt_before(work.view),
        because="you saved the file while it was being published",
    )
    trace = world.traces.fingerprint(work.unit.id) or Fingerprint()
    trace = forgotten(trace, {Step.GENERATE})
    return conflicted(trace, str(code.path), waiting)
