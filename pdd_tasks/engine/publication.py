"""What an operation leaves behind, published all or nothing.

Artifacts come first, then the run report, and the fingerprint last; what was written
is kept as a baseline before.
"""

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.publication import Write
from pdd_tasks.core.model.trace import Fingerprint, HistoryEntry
from pdd_tasks.core.model.trace_update import stamped, with_history
from pdd_tasks.engine.predecessor import take_over
from pdd_tasks.engine.steps.runs import without_output
from pdd_tasks.engine.view import View
from pdd_tasks.engine.work import Result, Work


def publish(work: Work, result: Result) -> None:
    """Publish a result all or nothing, the fingerprint last."""
    world, view, unit = work.world, work.view, work.unit
    writes = [
        Write(path=path, data=data, expected=_expected(view, path))
        for path, data in result.files.items()
    ]
    for write in writes:
        world.baselines.keep(write.data)
    for data in view.upstream.bytes.values():
        world.baselines.keep(data)
    if result.report is not None:
        report = without_output(result.report)
        writes.append(world.traces.report_write(unit.id, report))
    trace = _stamped(work, result)
    writes.append(world.traces.fingerprint_write(unit.id, trace))
    world.publisher.publish(unit.id, writes)
    if view.former is not None:
        take_over(world, view.former)


def _expected(view: View, path: object) -> str | None:
    found = {str(p): d.raw for p, d in view.snapshot.digests.items()}
    return found.get(str(path))


def _stamped(work: Work, result: Result) -> Fingerprint:
    now = work.world.clock.now()
    decision = work.decision
    entry = HistoryEntry(
        at=now,
        step=decision.step,
        operation=str(decision.operation),
        because=decision.because,
        cost=work.spent.cost,
    )
    after = work.after(result.files)
    hashes = {
        artifact: found[0].raw
        for artifact in Artifact
        if (found := list(after.digests(artifact).values()))
    }
    trace = with_history(result.trace, entry)
    return stamped(trace, work.world.version, now, str(decision.operation), hashes)
