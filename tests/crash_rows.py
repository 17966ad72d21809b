"""Commands that publish, each in the project in which it has something to do."""

from dataclasses import dataclass
from pathlib import Path

from calculator_texts import CODE, EXAMPLE, PROMPT, TESTS, fenced, judged, named
from model_server import ModelServer, Say
from project import Project
from stages import copied
from surface import asked_by_command, live, server_of, unit_project


NAME = "calculator_python"
UNIT = f"sync:{NAME}"
CALCULATOR, PROMPTS = "src/calculator.py", "prompts/calculator_python.prompt"
LATER = PROMPT.replace("their difference", "the difference of the two")
REPLAYED = ("replies=replay", *asked_by_command())


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A command in a project.

    Attributes:
        before: The project before the command.
        ends: The project as it may be after the command and the one that follows.
        words: The command.
        again: The command that follows, if it is another one.
        after: The project after the command; the first end if that is one.
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
    after: Project | None = None
    recorded: str = ""
    code: int = 0
    codes: tuple[int, ...] = (0,)
    slow: int = 1


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
    after = copied(done, folder / "after")
    ends = (done, copied(before, folder / "not-done"))
    codes = tuple(end.doit(*again).code for end in ends)
    return Row(
        before=before, ends=ends, words=words, again=again, after=after, codes=codes
    )


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
