"""Units in a circle are made anew until nobody has to be, and not for ever."""

import random
from pathlib import Path

import pytest
from memory_project import unit

from pdd_tasks.core.graph.units import order
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.plan.plan import Plan
from pdd_tasks.core.plan.rule import Decision
from pdd_tasks.engine.outcome import Outcome
from pdd_tasks.errors import StepError
from pdd_tasks.plugin.circle import LIMIT, Circles
from pdd_tasks.plugin.edges import Edges


class World:
    """Units that show something, made of what they saw that others show.

    Args:
        needs: Unit → the units it needs.
        depth: What a unit shows grows with what it sees until it is so much.
    """

    def __init__(self, needs, depth):
        self.needs, self.depth = needs, depth
        self.units = {f"{name}_python": unit(name) for name in needs}
        self.shown = dict.fromkeys(needs, 0)
        self.saw: dict[str, dict[str, int]] = {name: {} for name in needs}
        self.made = []
        found = order({f"{n}_python": [f"{m}_python" for m in needs[n]] for n in needs})
        circles = {name: group for group in found.groups for name in group}
        self.order = [name.removesuffix("_python") for name in found.sequence]
        edges = Edges(
            ordered=tuple(self.units.values()), needs={}, refused={}, circles=circles
        )
        self.circles = Circles(Path(), edges, self.plan, self.perform)

    def plan(self, of):
        name = of.id.basename
        sees = {need: self.shown[need] for need in self.needs[name]}
        decision = Decision(
            step=Step.GENERATE, operation=Operation.GENERATE, because="it changed"
        )
        return Plan(decisions=(decision,) if sees != self.saw[name] else ())

    def perform(self, of, step, outcome):
        name = of.id.basename
        self.made.append((name, step))
        outcome.operations.append(Operation.GENERATE)
        self.saw[name] = {need: self.shown[need] for need in self.needs[name]}
        most = max(self.saw[name].values(), default=0)
        self.shown[name] = max(self.shown[name], min(self.depth, most + 1))

    def run(self):
        """Make each once, in order, then what is left before and at the end."""
        done: list[Outcome] = []
        for step in (Step.GENERATE, Step.CRASH, None):
            for name in self.order:
                one = self.units[f"{name}_python"]
                self.circles.first(one, step, done)
                if self.plan(one).due:
                    self.perform(one, step, Outcome(unit=one, step=Step.GENERATE))
        return done


def resting(world):
    return all(not world.plan(one).due for one in world.units.values())


@pytest.mark.parametrize("seed", range(80))
def test_random_circles_come_to_rest_if_what_they_show_does(seed):
    luck = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
    names = "abcde"[: luck.randint(2, 5)]
    needs = {
        name: [n for n in names if n != name and luck.random() < 0.5] for name in names
    }
    world = World(needs, depth=luck.randint(0, 2))

    world.run()

    assert resting(world)
    for name in names:
        assert sum(one == name for one, _ in world.made) <= 1 + LIMIT


def test_what_nobody_changed_is_made_once():
    world = World({"a": "b", "b": "c", "c": "a"}, depth=0)

    world.run()

    assert [name for name, _ in world.made] == ["a", "c", "b"]


def test_what_changes_for_ever_is_made_so_often_and_no_more():
    world = World({"a": "b", "b": "a"}, depth=1000)

    with pytest.raises(StepError) as refused:
        world.run()

    assert refused.value.message.startswith("unit a_python: it was made anew 3 times")
    assert "a_python and b_python need each other" in refused.value.message
    assert "remove one of the includes" in refused.value.hint
    assert len(world.made) <= 2 + 2 * LIMIT


def test_a_unit_in_no_circle_makes_nobody_work():
    world = World({"a": "", "b": "a"}, depth=5)
    done: list[Outcome] = []

    world.circles.first(world.units["a_python"], None, done)

    assert done == []
    assert world.made == []


def test_whoever_comes_second_finds_it_done():
    world = World({"a": "b", "b": "a"}, depth=1)
    first: list[Outcome] = []
    second: list[Outcome] = []

    world.circles.first(world.units["a_python"], Step.CRASH, first)
    world.circles.first(world.units["b_python"], Step.CRASH, second)

    assert first
    assert second == []
