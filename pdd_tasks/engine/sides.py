"""The three texts of a merge, and where the one in the middle is found."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from pdd_tasks.core.model.artifact import Digest
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.text_style import plain
from pdd_tasks.core.model.trace import StepRecord
from pdd_tasks.engine.view import View
from pdd_tasks.engine.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """What is merged.

    Attributes:
        path: The file.
        base: The text as the generator last left it; None if nobody has it.
        mine: The text as a person left it.
        generated: The text as the generator makes it now.
        data: The bytes of `mine`, as they stand.
    """

    path: PurePosixPath
    base: str | None
    mine: str
    generated: str
    data: bytes


def baseline(world: World, view: View, path: PurePosixPath) -> str | None:
    """Return a code file as the generator last left it; None if nobody has that."""
    made = view.trace.steps.get(Step.GENERATE, StepRecord()).outputs
    known = made.get(str(path))
    data = world.baselines.find(known.raw, path) if known else None
    try:
        return None if data is None else plain(data)
    except UnicodeDecodeError:
        return None  # what is no text is no base


def prompt_before(view: View) -> str:
    """Return the raw SHA-256 of the prompt that the code was made from.

    Empty if that is not on record.
    """
    read = view.trace.steps.get(Step.GENERATE, StepRecord()).context
    try:
        return Digest.parse(read.get(str(view.unit.prompt), "")).raw
    except ValueError:
        return ""
