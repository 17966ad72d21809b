"""Every step, killed or refused at every call of the system, is completed by a run.

A sample of the calls is tried, evenly spread; with ``PDD_ALL_POINTS=1`` in the
environment all of them are, which takes an hour. The numbers are printed.
"""

import errno
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import matrix
import pytest
from calculator_texts import CODE, EXAMPLE, PROMPT, TESTS, fenced, judged, named
from faults import KILL, TEAR, told
from matrix import Job
from model_server import ModelServer, Say
from project import Project
from stages import Recorded, copied
from surface import live, server_of, unit_project


NAME = "calculator_python"
UNIT = f"sync:{NAME}"
CALCULATOR, PROMPTS = "src/calculator.py", "prompts/calculator_python.prompt"
LATER = PROMPT.replace("their difference", "the difference of the two")
REPLAYED = ("replies=replay", "model=openai/test")
ALL = bool(os.environ.get("PDD_ALL_POINTS"))
FAULTS = [
    pytest.param((KILL, False, 16), id="killed"),
    pytest.param((TEAR, False, 4), id="torn"),
    pytest.param((errno.EIO, False, 8), id="refused once"),
    pytest.param((errno.ENOSPC, True, 4), id="full"),
]
Fault = tuple[int, bool, int]
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A command in a project.

    Attributes:
        before: The project before the command.
        ends: The project as it may be after the command and the one that follows.
        words: The command.
        again: The command that follows, if it is another one.
        recorded: The file that holds a reply once it has arrived: `again` follows
            where there is one, and `words` where there is none.
        code: How the command ends.
        codes: How the one that follows may end.
        slow: How many times longer than usual a trial takes, and fewer are made.
    """

    before: Project
    ends: tuple[Project, ...]
    words: tuple[str, ...]
    again: tuple[str, ...] = ()
    recorded: str = ""
    code: int = 0
    codes: tuple[int, ...] = (0,)
    slow: int = 1


def tried(name: str, row: Row, fault: Fault, folder: Path, tell: Tell) -> int:
    """Try a row, assert that all went well, and return how many points there were."""
    what, stays, most = fault
    job = Job(
        before=str(row.before.root),
        ends=[str(end.root) for end in row.ends],
        folder=str(folder),
        words=list(row.words),
        again=list(row.again),
        recorded=row.recorded,
        fault=what,
        stays=stays,
        most=0 if ALL else max(most // row.slow, 2),
        code=row.code,
        codes=list(row.codes),
    )
    path = folder / "job.json"
    path.write_text(json.dumps(asdict(job)), encoding="utf-8")
    found = told(Path(matrix.__file__), str(path))
    ends = ", ".join(f"{n} ended with {code}" for code, n in found["ends"].items())
    tell(f"{name}: fault {what} at {found['tried']} of {found['points']} calls: {ends}")
    assert found["problems"] == [], "\n".join(found["problems"][:3])
    return int(found["tried"])


def replayed(
    before: Project, words: tuple[str, ...], folder: Path, server: ModelServer
) -> Row:
    """Return a row whose replies a server gives once; later they are replayed."""
    first = copied(before, folder / "live")
    with server:
        said = first.doit(*live(server, *words))
    for path, data in first.contents().items():
        if path.startswith(".pdd/cache/"):
            before.write(path, data.decode())
    after = copied(before, folder / "after")
    again = after.doit(*words, *REPLAYED)
    assert again.code == said.code, said.text + again.text
    return Row(
        before=before,
        ends=(after,),
        words=(*words, *REPLAYED),
        code=said.code,
        codes=(said.code,),
    )


def followed(
    before: Project, words: tuple[str, ...], again: tuple[str, ...], folder: Path
) -> Row:
    """Return a row whose command is followed by another one, done or not done."""
    done = copied(before, folder / "done")
    said = done.doit(*words)
    assert said.code == 0, said.text
    ends = (done, copied(before, folder / "not-done"))
    codes = tuple(end.doit(*again).code for end in ends)
    return Row(before=before, ends=ends, words=words, again=again, codes=codes)


@pytest.fixture(scope="module")
def unit(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a small unit in sync, with its replies recorded."""
    project = unit_project(tmp_path_factory.mktemp("unit"), "calculator")
    with server_of() as server:
        said = project.doit(*live(server, "sync"))
    assert said.code == 0, said.text
    return project


def adopted(unit: Project, folder: Path) -> Row:
    before = copied(unit, folder / "before")
    (before.root / ".pdd/meta/calculator_python.json").unlink()
    (before.root / ".pdd/meta/calculator_python_run.json").unlink()
    return replayed(before, (f"{UNIT}:update",), folder, server_of())


def updated(unit: Project, folder: Path) -> Row:
    before = copied(unit, folder / "before")
    before.write(CALCULATOR, CODE + "\n\ndef neg(a):\n    return -a\n")
    wanted = PROMPT + "- `neg` returns the opposite of a number.\n"
    server = server_of(update=fenced(wanted, "prompt"), verify=judged(wanted))
    return replayed(before, (f"{UNIT}:update", "accept_updates=1"), folder, server)


def proposed(unit: Project, folder: Path) -> Row:
    before = copied(unit, folder / "before")
    before.write(CALCULATOR, CODE + "\n\ndef neg(a):\n    return -a\n")
    wanted = PROMPT + "- `neg` returns the opposite of a number.\n"
    server = server_of(update=fenced(wanted, "prompt"))
    return replayed(before, (f"{UNIT}:update",), folder, server)


def repaired(_: Project, folder: Path) -> Row:
    before = unit_project(folder / "before/calculator", "calculator")
    crashing = CODE.replace("return a + b", "return a + c")
    made = [Say(fenced(crashing)), Say(fenced(EXAMPLE))]
    with ModelServer(made) as server:
        for step in ("generate", "example"):
            said = before.doit(*live(server, f"{UNIT}:{step}"))
            assert said.code == 0, said.text
    mended = ModelServer([Say(named(CALCULATOR, CODE))])
    return replayed(before, (f"{UNIT}:crash",), folder, mended)


def merged(unit: Project, folder: Path) -> Row:
    before = copied(unit, folder / "before")
    before.write(CALCULATOR, CODE.replace("return a + b", "return b + a"))
    before.write(PROMPTS, LATER)
    theirs = CODE.replace("return a - b", "return -(b - a)")
    server = server_of(generate=fenced(theirs), verify=judged(LATER))
    return replayed(before, (f"{UNIT}:generate",), folder, server)


def in_conflict(unit: Project, folder: Path) -> Row:
    before = copied(unit, folder / "before")
    before.write(CALCULATOR, CODE.replace("return a + b", "return b + a"))
    before.write(PROMPTS, LATER)
    theirs = CODE.replace("return a + b", "return sum((a, b))")
    server = server_of(generate=fenced(theirs), verify=judged(LATER))
    return replayed(before, (f"{UNIT}:generate",), folder, server)


def chosen(unit: Project, folder: Path) -> Row:
    (waiting,) = in_conflict(unit, folder).ends
    again = (f"{UNIT}:generate", *REPLAYED)
    before = copied(waiting, folder / "waiting")
    return followed(before, ("merge", "--generated", NAME), again, folder)


def undone(unit: Project, folder: Path) -> Row:
    (joined,) = merged(unit, folder).ends
    again = (f"{UNIT}:auto-deps", *REPLAYED)
    before = copied(joined, folder / "joined")
    return followed(before, ("undo", NAME, "--last"), again, folder)


def forgotten(unit: Project, folder: Path) -> Row:
    before = copied(unit, folder / "before")
    again = (f"{UNIT}:crash", *REPLAYED)
    return followed(before, ("forget", f"{UNIT}:crash"), again, folder)


def reset(unit: Project, folder: Path) -> Row:
    before = copied(unit, folder / "before")
    before.write(CALCULATOR, CODE + "# said better\n")
    again = (f"{UNIT}:update", *REPLAYED)
    return followed(before, ("reset-dep", UNIT), again, folder)


def more_tests(unit: Project, folder: Path) -> Row:
    before = copied(unit, folder / "before")
    before.doit("forget", f"{UNIT}:test")
    added = TESTS + "\n\ndef test_zero():\n    assert add(0, 0) == 0\n"
    row = replayed(before, (f"{UNIT}:test",), folder, server_of(test=fenced(added)))
    return Row(before=before, ends=row.ends, words=row.words, slow=2)


ROWS = {
    "adopt": adopted,
    "update": updated,
    "propose": proposed,
    "repair": repaired,
    "merge": merged,
    "conflict": in_conflict,
    "choose": chosen,
    "undo": undone,
    "forget": forgotten,
    "reset-dep": reset,
    "more tests": more_tests,
}
SLOW = {"update", "propose", "repair", "more tests"}  # they run examples and tests


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_a_sync_with_a_fault_at_any_call_is_completed_by_a_run(
    calculator: Recorded, memory_path: Path, fault: Fault, tell: Tell
) -> None:
    points = 0
    for stage in calculator.stages:
        slow = 4 if stage.task.endswith(":test") else 1
        row = Row(
            before=stage.before, ends=(stage.after,), words=(stage.task,), slow=slow
        )
        points += tried(stage.task, row, fault, memory_path, tell)
    assert points >= 20


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fix_with_a_fault_at_any_call_is_completed_by_a_run(
    roman: Recorded, memory_path: Path, fault: Fault, tell: Tell
) -> None:
    stage = roman.stage("fix")
    # What is repaired is verified and tested once more, which a whole sync does.
    again = ("sync:roman_python",)
    row = Row(
        before=stage.before,
        ends=(roman.end,),
        words=(stage.task,),
        again=again,
        slow=4,
    )
    assert tried(stage.task, row, fault, memory_path, tell) >= 2


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_with_a_fault_at_any_call_no_recorded_reply_is_asked_for_again(
    memory_path: Path, fault: Fault, tell: Tell
) -> None:
    before = unit_project(memory_path / "before/calculator", "calculator")
    with server_of() as server:
        words = live(server, f"{UNIT}:generate")
        asked = copied(before, memory_path / "asked")
        assert asked.doit(*words).code == 0
        kept = copied(before, memory_path / "kept")
        for path, data in asked.contents().items():
            if path.startswith(".pdd/cache/"):
                kept.write(path, data.decode())
        again = (f"{UNIT}:generate", *REPLAYED)
        assert kept.doit(*again).code == 0
        row = Row(
            before=before,
            ends=(asked, kept),
            words=words,
            again=again,
            recorded=".pdd/cache/generate/*.json",
        )
        assert tried("a live reply", row, fault, memory_path, tell) >= 2


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", list(ROWS))
def test_a_row_with_a_fault_at_any_call_is_completed_by_a_run(
    unit: Project, memory_path: Path, name: str, fault: Fault, tell: Tell
) -> None:
    row = ROWS[name](unit, memory_path)
    slow = 4 if name in SLOW else 1
    row = replace(row, slow=slow)
    assert tried(name, row, fault, memory_path, tell) >= 2
