"""Whichever call to the world fails, the project is whole and a retry ends alike."""

import contextlib
import copy
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any, TypeVar, cast

import pytest
from calculator_texts import (
    CODE,
    EXAMPLE,
    PROMPT,
    C,
    E,
    P,
    T,
    fenced,
    judged,
    named,
    usual,
)
from memory_project import Project, synced

from pdd_tasks.core.model.step import Step
from pdd_tasks.engine.bugs import report_bug
from pdd_tasks.engine.outcome import Outcome
from pdd_tasks.engine.sync import adopt_unit, forget, perform, settle
from pdd_tasks.engine.world import World
from pdd_tasks.errors import StepError


Port = TypeVar("Port")
WRONG = CODE.replace("return a - b", "return a + b")
UPDATED = PROMPT.replace("the sum of two numbers", "the sum of both numbers")


class BrokenPortError(Exception):
    """The world failed."""


class Fuse:
    """Counts calls to ports and lets one of them fail."""

    def __init__(self, at: int = -1) -> None:
        self.calls = 0
        self.at = at

    def wrap(self, port: Port, /) -> Port:
        """Return a port whose every call is counted."""
        return cast("Port", _Counted(port, self))

    def burn(self) -> None:
        """Count a call; fail if it is the one."""
        self.calls += 1
        if self.calls == self.at:
            raise BrokenPortError


class _Counted:
    def __init__(self, port: object, fuse: Fuse) -> None:
        self._port = port
        self._fuse = fuse

    def __getattr__(self, name: str) -> object:
        act: Callable[..., object] = getattr(self._port, name)

        def call(*args: Any, **kwargs: Any) -> object:
            self._fuse.burn()
            found = act(*args, **kwargs)
            if name == "bench":
                return self._inside(cast("AbstractContextManager[object]", found))
            return found

        return call

    @contextlib.contextmanager
    def _inside(self, manager: AbstractContextManager[object]) -> Iterator["_Counted"]:
        with manager as bench:
            yield _Counted(bench, self._fuse)


def _perform(step: Step) -> Callable[[World, Project], None]:
    def act(world: World, project: Project) -> None:
        outcome = Outcome(unit=project.unit, step=step)
        perform(world, project.unit, step, outcome)

    return act


def _settle(world: World, project: Project) -> None:
    settle(world, project.unit, Outcome(unit=project.unit, step=Step.FIX))


def _forget(world: World, project: Project) -> None:
    forget(world, project.unit, frozenset(Step))


def _adopt(world: World, project: Project) -> None:
    adopt_unit(world, project.unit)


def _report(world: World, project: Project) -> None:
    outcome = Outcome(unit=project.unit, step=Step.TEST)
    report_bug(world, project.unit, "sub(1, 3) gives 4; expected -2", outcome)


def _buggy() -> Project:
    wrong = CODE.replace("return a - b", "return abs(a - b)")
    project = Project({P: PROMPT}, {**usual(), "generate": [fenced(wrong)]})
    project.sync()
    test = (
        "from calculator import sub\n\n\ndef test_less():\n    assert sub(1, 3) == -2\n"
    )
    project.reply("bug", fenced(test))
    return project


def _new() -> Project:
    project = Project({P: PROMPT}, usual())
    project.perform(Step.AUTO_DEPS)
    return project


def _generated() -> Project:
    project = _new()
    project.perform(Step.GENERATE)
    return project


def _shown() -> Project:
    project = _generated()
    project.perform(Step.EXAMPLE)
    project.perform(Step.CRASH)
    return project


def _edited() -> Project:
    project = synced()
    project.edit(C, "a + b", "b + a")
    project.set(accept_updates=True)
    project.reply("update", fenced(UPDATED, "prompt"))
    return project


def _failing() -> Project:
    project = synced()
    project.edit(P, "their difference", "the difference of the two")
    project.reply("generate", fenced(WRONG))
    project.reply("verify", judged(project.read(P)))
    project.reply("fix", fenced(CODE))
    for step in Step:
        if step is not Step.FIX:
            project.perform(step)
    return project


def _crashing() -> Project:
    bad = {"example": [fenced(EXAMPLE.replace("add(1, 2)", "add(1)"))]}
    project = Project({P: PROMPT}, {**usual(), **bad})
    project.reply("crash", named(E, EXAMPLE))
    for step in (Step.AUTO_DEPS, Step.GENERATE, Step.EXAMPLE):
        project.perform(step)
    return project


def _adopted_by_force() -> Project:
    project = Project({P: PROMPT, C: WRONG})
    project.perform(Step.AUTO_DEPS)
    project.edit(P, "their difference", "the difference of the two")
    project.set(force=True)
    project.reply("generate", fenced(CODE))
    return project


def _hopeless() -> Project:
    project = _new()
    project.reply("generate", "no", "no", "no")
    return project


def _tests_by_hand() -> Project:
    project = synced()
    project.edit(T, "add(1, 2) == 3", "add(2, 2) == 4")
    return project


def _example_by_hand() -> Project:
    project = synced()
    project.edit(E, "add(1, 2)", "add(2, 2)")
    return project


def _brought() -> Project:
    return Project({P: PROMPT, C: CODE, E: EXAMPLE})


@pytest.mark.parametrize(
    "start, act",
    [
        pytest.param(_brought, _perform(Step.AUTO_DEPS), id="adopt"),
        pytest.param(_edited, _perform(Step.UPDATE), id="update"),
        pytest.param(_new, _perform(Step.GENERATE), id="generate"),
        pytest.param(_adopted_by_force, _perform(Step.GENERATE), id="force"),
        pytest.param(_hopeless, _perform(Step.GENERATE), id="give up"),
        pytest.param(_generated, _perform(Step.EXAMPLE), id="example"),
        pytest.param(_crashing, _perform(Step.CRASH), id="crash"),
        pytest.param(_shown, _perform(Step.VERIFY), id="verify"),
        pytest.param(_shown, _perform(Step.TEST), id="add tests"),
        pytest.param(_failing, _perform(Step.FIX), id="fix"),
        pytest.param(_tests_by_hand, _settle, id="run and keep tests, settled"),
        pytest.param(_example_by_hand, _perform(Step.EXAMPLE), id="keep example"),
        pytest.param(_buggy, _report, id="report a bug"),
        pytest.param(_failing, _forget, id="forget"),
        pytest.param(_edited, _adopt, id="adopt on request"),
    ],
)
def test_a_failure_leaves_the_old_state_or_a_new_one(start, act):
    project = start()
    project.model.cost = 0  # as a recorded reply costs
    before, fuse = copy.deepcopy(project), Fuse()
    _done(act, project, fuse)
    states = [before.disk, *project.publisher.states[len(before.publisher.states) :]]
    for at in range(1, fuse.calls + 1):
        again = copy.deepcopy(before)
        with pytest.raises(BrokenPortError):
            act(again.world(Fuse(at).wrap), again)
        assert again.disk in states, f"call {at} of {fuse.calls}"
        _done(act, again, Fuse())
        assert again.disk == states[-1], f"after call {at} of {fuse.calls}"


def _done(act: Callable[[World, Project], None], project: Project, fuse: Fuse) -> None:
    with contextlib.suppress(StepError):
        act(project.world(fuse.wrap), project)
