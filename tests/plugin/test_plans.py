"""Which plans are looked at again after something was done."""

from pathlib import PurePosixPath
from types import SimpleNamespace

import pytest

from pdd_tasks.errors import PddError
from pdd_tasks.plugin.plans import Looked, Plans


class Desk:
    """Units a and b, and what a look at each finds; counts the looks."""

    def __init__(self, seen=frozenset(), needs=None):
        self.looks = []
        self.meanwhile = None
        self.seen = seen
        self.plans = Plans(self._look, needs or {})

    def _look(self, unit):
        self.looks.append(unit.id)
        if self.meanwhile is not None:
            unit, self.meanwhile = self.meanwhile, None
            self.plans.changed(unit)
        return Looked(PddError("as it stands"), self.seen)


def unit(name, root="."):
    paths = (PurePosixPath(f"src/{name}.py"),)
    return SimpleNamespace(id=name, root=PurePosixPath(root), paths=lambda _: paths)


A, B = unit("a"), unit("b")
CODE_OF_B = frozenset({PurePosixPath("src/b.py")})


@pytest.mark.parametrize(
    "desk, done, looks",
    [
        pytest.param(Desk(), None, 1, id="nothing was done"),
        pytest.param(Desk(), A, 2, id="it was done with it"),
        pytest.param(Desk(), B, 1, id="it has nothing to do with the other"),
        pytest.param(Desk(CODE_OF_B), B, 2, id="it reads a file of the other"),
        pytest.param(Desk(CODE_OF_B), unit("b", "x"), 1, id="of another state root"),
        pytest.param(Desk(needs={"a": ("b",)}), B, 2, id="it needs the other"),
        pytest.param(Desk(needs={"b": ("a",)}), B, 1, id="the other needs it"),
        pytest.param(Desk(None), B, 2, id="it may depend on anything"),
    ],
)
def test_a_unit_is_looked_at_again_only_if_what_was_done_may_touch_it(
    desk, done, looks
):
    desk.plans.of(A)
    if done is not None:
        desk.plans.changed(done)
    desk.plans.of(A)
    assert desk.looks == ["a"] * looks


@pytest.mark.parametrize(
    "done, looks",
    [pytest.param(A, 2, id="with it"), pytest.param(B, 1, id="with another one")],
)
def test_what_is_done_during_a_look_makes_it_old(done, looks):
    desk = Desk()
    desk.meanwhile = done
    desk.plans.of(A)
    desk.plans.of(A)
    assert desk.looks == ["a"] * looks


def test_what_reads_a_file_for_the_first_time_during_the_change_is_old():
    desk = Desk(CODE_OF_B)
    desk.meanwhile = B
    desk.plans.of(A)
    desk.plans.of(A)
    assert desk.looks == ["a", "a"]
