"""A unit kept in step by the engine, all of it in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any, Final, Protocol, TypeVar

from calculator_texts import PROMPT, P, usual
from fake_bench import FakeFormatter, FakeRunner
from fakes import (
    Disk,
    FakeCheckout,
    FakeConsent,
    FakeLocks,
    FixedClock,
    MemoryBaselines,
    MemoryFiles,
    MemoryJournal,
    MemoryPublisher,
    MemorySafety,
    MemoryTraces,
    ScriptedModel,
)

import pdd_tasks
from pdd_tasks.adapters.merging import ThreeWayMerger
from pdd_tasks.adapters.python.shown import shown
from pdd_tasks.adapters.python.syntax import PythonSyntax
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.language import Language
from pdd_tasks.core.model.settings import ModelSettings, Settings
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.model.trace import Fingerprint, RunReport
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.model.unit_state import state_of
from pdd_tasks.core.prompt.selection import no_slicer
from pdd_tasks.engine.bugs import report_bug
from pdd_tasks.engine.observe import plan_unit
from pdd_tasks.engine.outcome import Outcome
from pdd_tasks.engine.sync import adopt_unit, forget, perform, settle
from pdd_tasks.engine.world import World


Port = TypeVar("Port")

PYTHON: Final = Language(
    name="python",
    extensions=("py",),
    fence=("python", "py"),
    syntax="python",
    interpreter="python",
    run=("python", "{file}"),
    test=("python", "-m", "pytest", "{tests}"),
    measure=("--cov",),
    runner="pytest",
    test_file="test_{name}.py",
    example_file="{name}_example.py",
    environment={},
)
SETTINGS: Final = Settings(model=ModelSettings(model="test/model"))


def unit(name: str = "calculator", **fields: Any) -> DevUnit:
    """Return a unit whose files have the usual names."""
    plain = DevUnit(
        id=UnitId(name, "python"),
        root=PurePosixPath(),
        prompt=PurePosixPath(f"prompts/{name}_python.prompt"),
        code=(PurePosixPath(f"src/{name}.py"),),
        import_root=PurePosixPath("src"),
        example=PurePosixPath(f"examples/{name}_example.py"),
        test=PurePosixPath(f"tests/test_{name}.py"),
        language=PYTHON,
        settings=SETTINGS,
    )
    return replace(plain, **fields)


class Wrap(Protocol):
    """Puts something around a port."""

    def __call__(self, port: Port, /) -> Port:
        """Return the port with something around it."""
        ...


def bare(port: Port) -> Port:
    """Return a port as it is."""
    return port


class Project:
    """A project of one unit, its ports, and what a person does with them.

    Attributes:
        said: What people were told at once.
        notes: What the steps noted.
    """

    def __init__(
        self,
        files: Mapping[str, str],
        replies: Mapping[str, Sequence[str | Exception]] | None = None,
        of: DevUnit | None = None,
        others: tuple[DevUnit, ...] = (),
    ) -> None:
        self.unit = of or unit()
        self.disk: Disk = {PurePosixPath(p): t.encode() for p, t in files.items()}
        self.model = ScriptedModel(replies or {})
        self.publisher = MemoryPublisher(self.disk)
        self.baselines = MemoryBaselines()
        self.runner = FakeRunner(self.disk)
        self.formatter = FakeFormatter()
        self.locks = FakeLocks()
        self.checkout = FakeCheckout()
        self.safety = MemorySafety()
        self.consent = FakeConsent()
        traces = MemoryTraces(self.disk)
        self.journal = MemoryJournal(lambda unit: state_of(traces.fingerprint(unit)))
        self.syntax = PythonSyntax()
        self.said: list[str] = []
        self.notes: list[str] = []
        self._others = others

    def world(self, wrap: Wrap = bare) -> World:
        """Return the ports, each of them wrapped."""
        model = wrap(self.model)
        return World(
            files=wrap(MemoryFiles(self.disk)),
            traces=wrap(MemoryTraces(self.disk)),
            publisher=wrap(self.publisher),
            baselines=wrap(self.baselines),
            locks=wrap(self.locks),
            merger=ThreeWayMerger(),
            runner=wrap(self.runner),
            formatter=wrap(self.formatter),
            checkout=wrap(self.checkout),
            clock=wrap(FixedClock()),
            journal=self.journal,
            safety=wrap(self.safety),
            consent=self.consent,
            slicer=no_slicer,
            model=lambda _: model,
            syntaxes={"python": self.syntax},
            shows={"python": shown},
            template=_template,
            units=(self.unit, *self._others),
            version="0.0.0",
            say=self.said.append,
        )

    def read(self, path: str) -> str:
        """Return a file's text."""
        return self.disk[PurePosixPath(path)].decode()

    def write(self, path: str, text: str) -> None:
        """Write a file, as a person does."""
        self.disk[PurePosixPath(path)] = text.encode()

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace a piece of a file, as a person does."""
        assert old in self.read(path)
        self.write(path, self.read(path).replace(old, new))

    def delete(self, path: str) -> None:
        """Delete a file, as a person does."""
        del self.disk[PurePosixPath(path)]

    def set(self, **fields: Any) -> None:
        """Change settings of the unit."""
        settings = replace(self.unit.settings, **fields)
        self.unit = replace(self.unit, settings=settings)

    def without(self, *fields: str) -> None:
        """Take commands away from the unit's language."""
        empty: dict[str, Any] = dict.fromkeys(fields, ())
        language = replace(self.unit.language, **empty)
        self.unit = replace(self.unit, language=language)

    def with_more_tests(self, path: str, text: str) -> None:
        """Write a further test file that belongs to the unit."""
        self.unit = replace(self.unit, more_tests=(PurePosixPath(path),))
        self.write(path, text)

    def move_code(self, path: str) -> None:
        """Move the code to where the configuration now says it is."""
        self.disk[PurePosixPath(path)] = self.disk.pop(self.unit.code[0])
        self.unit = replace(self.unit, code=(PurePosixPath(path),))

    def reply(self, kind: str, *texts: str | Exception) -> None:
        """Write the next replies to a kind of request."""
        self.model.replies[kind] = list(texts)

    def perform(self, step: Step) -> list[Operation]:
        """Do one step and return its operations."""
        outcome = Outcome(unit=self.unit, step=step)
        try:
            perform(self.world(), self.unit, step, outcome)
        finally:
            self.notes += outcome.notes
        return outcome.operations

    def settle(self) -> list[Operation]:
        """Do what is still due and return the operations."""
        outcome = Outcome(unit=self.unit, step=Step.FIX)
        try:
            settle(self.world(), self.unit, outcome)
        finally:
            self.notes += outcome.notes
        return outcome.operations

    def sync(self) -> list[Operation]:
        """Do all steps and settle, as a sync does, and return the operations."""
        done = [operation for step in Step for operation in self.perform(step)]
        return done + self.settle()

    def due(self) -> dict[Step, Operation]:
        """Return what is due."""
        due = plan_unit(self.world(), self.unit).due
        return {decision.step: decision.operation for decision in due}

    def forget(self, *steps: Step) -> None:
        """Mark steps stale on purpose."""
        forget(self.world(), self.unit, frozenset(steps))

    def report_bug(self, description: str) -> list[str]:
        """Describe a bug, and return what was noted."""
        outcome = Outcome(unit=self.unit, step=Step.TEST)
        try:
            report_bug(self.world(), self.unit, description, outcome)
        finally:
            self.notes += outcome.notes
        return outcome.notes

    def adopt(self) -> None:
        """Accept what stands."""
        adopt_unit(self.world(), self.unit)

    @property
    def trace(self) -> Fingerprint:
        """The fingerprint."""
        return MemoryTraces(self.disk).fingerprint(self.unit.id) or Fingerprint()

    @property
    def report(self) -> RunReport:
        """The run report."""
        return MemoryTraces(self.disk).report(self.unit.id) or RunReport()

    @property
    def asked(self) -> list[str]:
        """The kinds of request that took a reply, in order."""
        return [request.kind for request in self.model.requests]

    def request(self, number: int = -1) -> str:
        """Return the last message of a request."""
        return self.model.requests[number].messages[-1].content


def synced(**fields: Any) -> Project:
    """Return a calculator in sync, its requests and runs forgotten.

    Args:
        fields: Settings other than the usual.
    """
    project = Project({P: PROMPT}, usual())
    project.set(**fields)
    project.sync()
    forget_past(project)
    return project


def forget_past(project: Project) -> None:
    """Empty the lists of what happened so far."""
    for happened in (
        project.model.requests,
        project.runner.runs,
        project.publisher.published,
        project.notes,
    ):
        happened.clear()


def _template(name: str) -> str:
    folder = Path(pdd_tasks.__file__).parent / "templates"
    return (folder / f"{name}.md").read_text(encoding="utf-8")
