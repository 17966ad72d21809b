"""What a run that begins at a later step finds there, and what it lacks."""

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.operation_graph import GRAPH, Thing, maker
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.plan.facts import Facts, Ran
from pdd_tasks.engine.view import View
from pdd_tasks.errors import ConfigError


_FILES = {
    Thing.CODE: Artifact.CODE,
    Thing.EXAMPLE: Artifact.EXAMPLE,
    Thing.TESTS: Artifact.TESTS,
}


def refuse_gap(view: View) -> None:
    """Refuse to resume from a step that lacks what an earlier one makes.

    Raises:
        ConfigError: If the run resumes from such a step; it names what is missing.
    """
    start = view.unit.settings.resume_from
    if start is None:
        return
    for thing in sorted(GRAPH[start].needs, key=list(Thing).index):
        if problem := _missing(view, thing):
            step = maker(thing) or Step.AUTO_DEPS
            msg = f"unit {view.unit.id}: {start} needs the {thing}, and {problem}"
            hint = f"let {step} make it: doit sync:{view.unit.id} resume_from={step}"
            raise ConfigError(msg, hint=hint)


def _missing(view: View, thing: Thing) -> str:
    if thing is Thing.GOOD_RUN:
        return _no_good_run(view.facts)
    artifact = _FILES.get(thing)
    if artifact is None or view.digests(artifact):
        return ""
    if artifact is Artifact.EXAMPLE and not view.facts.can_run:
        return ""
    return f"{view.unit.paths(artifact)[0]} does not exist"


def _no_good_run(facts: Facts) -> str:
    fine = facts.example_run is Ran.GOOD or not facts.can_run
    return "" if fine else "the example as it stands has not run well"
