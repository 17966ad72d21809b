"""Glances at units: where all that is compared is as recorded, nothing else is asked.

Most units of a large project are in sync. Two of them of which the same is recorded
have the same plan, so that one is looked at at length and the others at a glance.
Rule 1: a `Case` holds everything that a plan depends on once all that is compared is
equal. Rule 2: a glance never says what differs, or how much: a unit of which anything
is not equal to the letter, or is broken, or is asked for by other means, has no case
and is looked at at length.
"""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final, NamedTuple, Protocol

from pdd_tasks.core.model.artifact import Artifact, Digest, UnitId
from pdd_tasks.core.model.plain_form import PlainReport, PlainTrace
from pdd_tasks.core.model.run_inputs import (
    SETTINGS,
    example_settings,
    run_files,
    test_settings,
)
from pdd_tasks.core.model.settings import AutoDeps
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.model.units import Units
from pdd_tasks.core.plan.change import State, heaviest
from pdd_tasks.core.plan.plan import Plan
from pdd_tasks.core.plan.reading import Reading, needs_and_reading
from pdd_tasks.core.plan.trigger import verify_triggers
from pdd_tasks.core.prompt.include import PROSE, SIZE_LIMIT
from pdd_tasks.engine.ports import Files
from pdd_tasks.errors import PddError


_ROOM: Final = SIZE_LIMIT // 2  # of a prompt with its includes; they are put in tags
_NONE: Final[Mapping[str, str]] = {}
_MAKER: Final = {
    Artifact.CODE: Step.GENERATE,
    Artifact.EXAMPLE: Step.EXAMPLE,
    Artifact.TESTS: Step.TEST,
}


class Records(Protocol):
    """Reads what is recorded of units."""

    def plain(self, unit: UnitId) -> tuple[PlainTrace, PlainReport] | None:
        """Return a unit's records; None unless both are there and plain."""
        ...


class Case(NamedTuple):
    """What else a plan depends on where all that is compared is as recorded.

    Attributes:
        settings: Identity of the unit's settings, which most units share.
        language: Identity of its language.
        states: How its code, example and tests stand.
        recorded: The steps of which a success is recorded.
        ran: Its example had a good run with what stands; its tests had one.
        counted: The tests' run counted a test.
        coverage: What was measured, where that is below target.
    """

    settings: int
    language: int
    states: tuple[State, ...]
    recorded: frozenset[str]
    ran: tuple[bool, bool]
    counted: bool
    coverage: float | None


class _File(NamedTuple):
    """What was read of a file.

    Attributes:
        size: Its bytes.
        text: It is UTF-8.
        tags: It has a sign that a directive begins with.
    """

    digest: Digest
    size: int
    text: bool
    tags: bool


class _UnclearError(Exception):
    """It takes more than a glance."""


class Glances:
    """Glances at the units of one state root; reads each file once."""

    def __init__(self, units: Units, files: Files, records: Records) -> None:
        """Know nothing yet.

        Args:
            units: The units of the state root.
            files: Its files.
            records: Their records.
        """
        self._units, self._files, self._records = units, files, records
        self._readings: dict[str, Reading] = {}
        self._seen: dict[PurePosixPath, _File | None] = {}
        self._runs: dict[tuple[int, int], tuple[str, str]] = {}
        self._plans: dict[Case, Plan] = {}
        self._is_acting = False

    def needs(self, unit: DevUnit) -> frozenset[str]:
        """Return the ids of the units that a unit's prompt needs.

        Raises:
            PddError: If a declared dependency is no unit, a directive is broken, or
                the prompt cannot be read.
        """
        data = self._files.read(unit.prompt)
        if data is None:
            return frozenset()  # its own step says what is wrong with the prompt
        needs, reading = needs_and_reading(unit, data, self._units)
        if reading is not None:
            self._readings[str(unit.id)] = reading
        return needs

    def act(self) -> None:
        """Glance no more: something is being done."""
        self._is_acting = True

    def case(self, unit: DevUnit) -> Case | None:
        """Return the case of a unit; None if that is not seen at a glance."""
        reading = self._readings.get(str(unit.id))
        if self._is_acting or reading is None or not _is_usual(unit):
            return None
        try:
            return self._case(unit, reading)
        except (PddError, _UnclearError):
            return None  # told by who looks at length

    def plan(self, case: Case) -> Plan | None:
        """Return the plan of a case; None if none of its units was looked at yet."""
        return self._plans.get(case)

    def learn(self, case: Case, plan: Plan) -> None:
        """Note the plan of a case."""
        self._plans[case] = plan

    def seen(self, unit: DevUnit) -> tuple[PurePosixPath, ...]:
        """Return the files that the case of a unit depends on."""
        return (unit.prompt, *_made(unit), *self._readings[str(unit.id)].includes)

    def _case(self, unit: DevUnit, reading: Reading) -> Case:
        records = self._records.plain(unit.id)
        if records is None:
            raise _UnclearError
        trace, report = records
        digests = {p: f.digest for p in _made(unit) if (f := self._file(p)) is not None}
        _check_triggers(unit, reading, self._prompt(unit, reading), trace, digests)
        ran = self._ran(unit, report, digests)
        return Case(
            settings=id(unit.settings),
            language=id(unit.language),
            states=tuple(_state(unit, a, trace, digests) for a in _MAKER),
            recorded=frozenset(trace.triggers),
            ran=ran,
            counted=report.counted,
            coverage=_low(unit, report) if ran[1] else None,
        )

    def _file(self, path: PurePosixPath) -> _File | None:
        try:
            return self._seen[path]
        except KeyError:
            data = self._files.read(path)
        found = None if data is None else _file(data)
        self._seen[path] = found
        return found

    def _prompt(self, unit: DevUnit, reading: Reading) -> dict[str, str]:
        """Return the triggers that a prompt is: its text, and what it includes.

        Raises:
            _UnclearError: If anything of that is unusual.
        """
        found = {str(unit.prompt): reading.skeleton}
        room = _ROOM - reading.size
        own = _made(unit)
        for path in reading.includes:
            file = self._file(path)
            if file is None or not file.text or path in own:
                raise _UnclearError
            if file.tags and path.suffix.lower() in PROSE:
                raise _UnclearError  # it may include more
            digest = file.digest
            if path in self._units.examples:
                found[str(path)] = str(digest)
            elif digest.raw == digest.text:
                found[str(path)] = digest.text
            else:
                raise _UnclearError
            room -= file.size
        if room < 0:
            raise _UnclearError
        return found

    def _ran(
        self,
        unit: DevUnit,
        report: PlainReport,
        digests: Mapping[PurePosixPath, Digest],
    ) -> tuple[bool, bool]:
        """Return whether example and tests ran, and well, with what stands now."""
        key = id(unit.settings), id(unit.language)
        if key not in self._runs:
            self._runs[key] = example_settings(unit), test_settings(unit)
        for_example, for_tests = self._runs[key]
        shown = run_files((*unit.code, unit.example), digests)
        tested = run_files((*unit.code, *unit.tests), digests)
        return (
            report.example == {**shown, SETTINGS: for_example},
            report.tests == {**tested, SETTINGS: for_tests},
        )


def _low(unit: DevUnit, report: PlainReport) -> float | None:
    """Return the coverage that was measured, if it is below target."""
    if report.coverage is None:
        return None
    is_low = round(report.coverage, 2) < unit.settings.target_coverage
    return report.coverage if is_low else None


def _is_usual(unit: DevUnit) -> bool:
    settings = unit.settings
    return (
        settings.auto_deps is AutoDeps.NAMED
        and settings.resume_from is None
        and not settings.remove_redundant
    )


def _check_triggers(
    unit: DevUnit,
    reading: Reading,
    prompt: Mapping[str, str],
    trace: PlainTrace,
    digests: Mapping[PurePosixPath, Digest],
) -> None:
    """Refuse a unit of which anything that is compared is not as recorded.

    Raises:
        _UnclearError: If there is something.
    """
    known = trace.triggers
    if known.get(Step.AUTO_DEPS) != {str(unit.prompt): reading.outside}:
        raise _UnclearError
    if known.get(Step.GENERATE) != prompt:
        raise _UnclearError
    judged = known.get(Step.VERIFY)
    if judged is not None and judged != verify_triggers(unit, digests, prompt):
        raise _UnclearError
    for step, paths in ((Step.EXAMPLE, unit.headers), (Step.TEST, unit.code)):
        seen = known.get(step)
        now = {str(path): str(digests[path]) for path in paths if path in digests}
        if seen is not None and not (
            len(now) == len(paths) and now.items() <= seen.items()
        ):
            raise _UnclearError


def _state(
    unit: DevUnit,
    artifact: Artifact,
    trace: PlainTrace,
    digests: Mapping[PurePosixPath, Digest],
) -> State:
    made = trace.outputs.get(_MAKER[artifact], _NONE)
    paths = unit.paths(artifact)
    if artifact is Artifact.TESTS:
        paths = tuple(path for path in paths if path in digests) or paths
    states = []
    for path in paths:
        name, present = str(path), digests.get(path)
        adopted = trace.adopted.get(name)
        known = adopted or made.get(name)
        if present is None:
            states.append(State.ABSENT)
        elif known is None:
            states.append(State.UNRECORDED)
        elif known == str(present):
            states.append(State.ADOPTED if adopted else State.RECORDED)
        else:
            raise _UnclearError
    return heaviest(tuple(states))


def _file(data: bytes) -> _File:
    try:
        data.decode()
    except UnicodeDecodeError:
        is_text = False
    else:
        is_text = True
    return _File(Digest.of(data), len(data), is_text, b"<" in data)


def _made(unit: DevUnit) -> tuple[PurePosixPath, ...]:
    return (*unit.code, unit.example, *unit.tests)
