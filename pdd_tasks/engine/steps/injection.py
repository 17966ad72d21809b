"""Puts what a prompt needs into its auto-deps block; by rules, or by a choice."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.settings import AutoDeps
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.plan import auto_deps
from pdd_tasks.core.plan.offer import Offer, Weighed, weighed
from pdd_tasks.core.prompt.block import split, with_block
from pdd_tasks.core.prompt.choice import Choice, choice, choice_schema
from pdd_tasks.core.prompt.redundancy import Repeat, repeats, without
from pdd_tasks.engine.material import common
from pdd_tasks.engine.offers import index
from pdd_tasks.engine.view import View
from pdd_tasks.engine.work import Result, Work


class _Chosen(NamedTuple):
    """The prompt with its block, and what is said of the choice."""

    prompt: str
    notes: tuple[str, ...]
    context: Mapping[str, str] | None = None


def inject_deps(work: Work) -> Result:
    """Write the block that the rules give; the rest of the prompt stays as it is.

    Text outside the block that an include gives as well is taken out if that is
    asked for, else only reported.

    Returns:
        What it leaves behind.
    """
    chosen = _chosen(work)
    files = _files(work.view, chosen.prompt)
    found = _repeats(work.after(files))
    if found and work.unit.settings.remove_redundant:
        files = _files(work.view, without(chosen.prompt, found))
    after = work.after(files)
    outputs = after.digests(Artifact.PROMPT) if files else None
    trace = work.with_record(
        work.view.trace,
        Step.AUTO_DEPS,
        after,
        outputs=outputs,
        context=chosen.context,
    )
    notes = (*block_notes(files), *chosen.notes, *_told(work, found))
    return Result(files=files, trace=trace, notes=notes)


def due_block(view: View) -> dict[PurePosixPath, bytes]:
    """Return the prompt with the block that the rules give; empty if it has it."""
    return _files(view, view.block)


def block_notes(files: Mapping[PurePosixPath, bytes]) -> tuple[str, ...]:
    """Return a line for each prompt whose block was written."""
    return tuple(f"wrote the block of {path}" for path in files)


def _files(view: View, prompt: str) -> dict[PurePosixPath, bytes]:
    return {} if prompt == view.prompt else {view.unit.prompt: prompt.encode()}


def _chosen(work: Work) -> _Chosen:
    """Return the prompt with its block: by rules, and by a choice where that is set."""
    asks = work.decision.operation is Operation.CHOOSE_DEPS
    if not asks and work.unit.settings.auto_deps is not AutoDeps.RULES:
        return _Chosen(work.view.block, ())
    unit, view = work.unit, work.view
    outside = split(unit.prompt, view.prompt).outside
    offered = index(work.world, unit, outside)
    fitting = weighed(outside, offered.offers)
    picked = _picked(work, outside, fitting) if asks else None
    names = (
        {one.name for one in fitting.clear} if picked is None else set(picked.chosen)
    )
    taken = [one for one in fitting.good if one.name in names]
    left = [one for one in fitting.good if one.name not in names]
    named = auto_deps.needed(unit, outside, work.world.units)
    paths = [*(one.example for one in named), *(one.path for one in taken)]
    notes = [f"includes {one.name}: {_why(one, picked)}" for one in taken]
    if left:
        notes.append(f"may be needed, too: {', '.join(one.name for one in left)}")
    for name, steps in offered.circles.items():
        if _fits(name, view.prompt):
            notes.append(f"{name} is not offered: it needs {' -> '.join(steps[1:])}")
    context = {
        "chosen": ", ".join(one.name for one in taken),
        "looked at": ", ".join(one.name for one in fitting.good),
    }
    return _Chosen(with_block(unit.prompt, view.prompt, paths), tuple(notes), context)


def _fits(name: str, prompt: str) -> bool:
    return name.rpartition("_")[0] in prompt


def _why(offer: Offer, picked: Choice | None) -> str:
    return picked.because if picked else f"the prompt says {offer.title}"


def _picked(work: Work, outside: str, fitting: Weighed) -> Choice | None:
    """Return a model's choice among several good ones; None where rules decide.

    Raises:
        ReplyError: If none of its replies can be used.
    """
    if len(fitting.good) <= 1:
        return None
    names = [one.name for one in fitting.good]
    values = common(work.view)
    values["prompt"] = outside.strip()
    values["offers"] = _list(fitting.good)
    return work.ask(
        "auto_deps",
        values,
        lambda text: choice(text, names),
        schema=choice_schema(names),
    )


def _list(offers: Sequence[Offer]) -> str:
    return "\n".join(f"- `{one.name}`: {one.summary}" for one in offers)


def _repeats(view: View) -> tuple[Repeat, ...]:
    given = {one.path: one.text for one in view.expansion.injected}
    return repeats(view.prompt, given)


def _told(work: Work, found: Sequence[Repeat]) -> tuple[str, ...]:
    prompt, removed = work.unit.prompt, work.unit.settings.remove_redundant
    what = "taken out" if removed else "remove_redundant=1 takes them out"
    return tuple(
        f"{prompt}:{one.first}-{one.last}: the include of {one.path} gives these lines:"
        f" {what}"
        for one in found
    )
