"""A call of the system that fails, or is the last one, at any point of a publication.

Here every call counts, also the writing and syncing that Python does not audit.
"""

import errno
from pathlib import Path

import faulting
import pytest
from faults import KILL, SHORT, TEAR, told


SCRIPT = Path(faulting.__file__)
STAYS = "stays"
WHAT = {
    "kill": KILL,
    "tear": TEAR,
    "short": SHORT,
    "full": errno.ENOSPC,
    "broken": errno.EIO,
    "closed": errno.EACCES,
    "read-only": errno.EROFS,
}


def tried(folder: Path, action: str, way: str, fault: str) -> dict[str, int]:
    """Try a fault at every call of an action; return what came of it, and how often."""
    name, _, duration = fault.partition(", ")
    stays = str(int(duration == STAYS))
    found: dict[str, int] = told(
        SCRIPT, str(folder), action, way, str(WHAT[name]), stays
    )
    return found


@pytest.mark.parametrize("way", ["exchange", "link"])
@pytest.mark.parametrize("fault", ["kill", "tear"])
def test_a_kill_at_any_call_leaves_all_old_or_all_new(memory_path, way, fault, tell):
    found = tried(memory_path, "publish", way, fault)
    tell(f"publish ({way}): {fault} at {sum(found.values())} calls, then {found}")
    assert found["killed, old"] >= 20
    assert found["killed, new"] >= 10


@pytest.mark.parametrize("way", ["exchange", "link"])
@pytest.mark.parametrize(
    "fault",
    [
        "full, once",
        "full, stays",
        "broken, once",
        "broken, stays",
        "closed, once",
        "read-only, stays",
    ],
)
def test_a_refusal_of_any_call_leaves_all_old_or_all_new(memory_path, way, fault, tell):
    found = tried(memory_path, "publish", way, fault)
    tell(f"publish ({way}): {fault} at {sum(found.values())} calls, then {found}")
    assert found["refused, old"] >= 20
    assert found["published, new"] >= 5


def test_a_call_that_writes_less_than_asked_is_gone_on_with(memory_path):
    found = tried(memory_path, "publish", "exchange", "short")
    assert list(found) == ["published, new"]
    assert found["published, new"] >= 40


@pytest.mark.slow
@pytest.mark.parametrize("way", ["exchange", "link"])
@pytest.mark.parametrize(
    "fault", ["kill", "tear", "full, once", "full, stays", "broken, stays"]
)
def test_a_fault_at_any_call_of_recovery_changes_nothing_in_the_end(
    memory_path, way, fault, tell
):
    found = tried(memory_path, "recover", way, fault)
    states = found.pop("states")
    tell(f"recover ({way}): {fault} at {sum(found.values())} calls of {states} states")
    assert states >= 20
    assert sum(found.values()) >= 100
