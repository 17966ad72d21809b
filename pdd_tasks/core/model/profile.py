"""Profiles: which steps of a unit are done, how hard, and what their failure means.

What is not here: profiles of a project's own, which `pdd_tasks.plugin.profiles`
reads, and what a step that is left out decides, which is a row of the decision table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from pdd_tasks.core.model.step import Step


class OnFailure(StrEnum):
    """What it means that a step's attempts have failed."""

    FAIL = "fail"  # the unit fails
    WARN = "warn"  # it is said, and the steps after it go on
    SKIP = "skip"  # it is said, and what needs the step is left as it stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a profile says of one step.

    Attributes:
        include: False leaves the step out.
        on_failure: What it means that its attempts have failed.
        confirm: A person is asked before the step asks a model or replaces code.
        attempts: Upper limit of its attempts; None means that of the settings.
    """

    include: bool = True
    on_failure: OnFailure = OnFailure.FAIL
    confirm: bool = False
    attempts: int | None = None


_PLAIN: Final = Part()


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A named way to do the steps of a unit.

    Attributes:
        name: The name.
        steps: Step → what is other than usual with it.
        defaults: Setting → value that holds where nobody gave another.
    """

    name: str
    steps: Mapping[Step, Part] = field(default_factory=dict, hash=False)
    defaults: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return self.name

    def part(self, step: Step) -> Part:
        """Return what the profile says of a step."""
        return self.steps.get(step, _PLAIN)

    def without_attempts(self) -> "Profile":
        """Return the profile with the attempts that the settings give."""
        steps = {s: replace(part, attempts=None) for s, part in self.steps.items()}
        return replace(self, steps=steps)

    @property
    def left_out(self) -> frozenset[Step]:
        """The steps that are not done."""
        return frozenset(s for s, part in self.steps.items() if not part.include)

    def ending(self, on_failure: OnFailure) -> frozenset[Step]:
        """Return the steps whose failure means this."""
        return frozenset(s for s in Step if self.part(s).on_failure is on_failure)


STANDARD: Final = Profile(name="standard")
"""Every step, as the settings say."""

QUICK: Final = Profile(
    name="quick",
    steps={step: Part(include=False) for step in (Step.VERIFY, Step.TEST, Step.FIX)},
)
"""Code, and an example that runs."""

THOROUGH: Final = Profile(
    name="thorough",
    steps={
        step: Part(attempts=5)
        for step in (Step.CRASH, Step.VERIFY, Step.TEST, Step.FIX)
    },
    defaults={"coverage": "required", "verify": "required", "stability_runs": 5},
)
"""More attempts; verdict and coverage must be met."""

SAFE: Final = Profile(name="safe", steps={step: Part(confirm=True) for step in Step})
"""As standard, but nothing is replaced and nothing spent without a yes."""

PROFILES: Final[Mapping[str, Profile]] = {
    one.name: one for one in (QUICK, STANDARD, THOROUGH, SAFE)
}
"""Name → profile that is there without configuration."""
