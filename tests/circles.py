"""A project of units that need each other, and a program that answers for them."""

import json
import re
import sys
from pathlib import Path

from project import Project


_ASKED = re.compile(r"`(?:src/|examples/|tests/test_)(\w+?)(?:_example)?\.py`")
_KINDS = {
    "Write the file ": "generate",
    "Write the program ": "example",
    "Write tests ": "test",
}
_ANSWERS = """\
import sys
sys.path.insert(0, {tests!r})
from circles import answer
answer({folder!r})
"""
_SETTINGS = """\
version: "1.0"
contexts:
  default:
    defaults:
      cycles: condense
      provider: command
      command: [{python}, "{{root}}/tools/ask.py"]
      endpoint: stand-in
      profile: quick
      max_calls: 60
      max_attempts: 1
"""


def circle(root: Path, needs: dict[str, str]) -> Project:
    """Return a project of units of which some need others.

    Args:
        root: Where.
        needs: Unit → the letters of the units that it needs.
    """
    project = Project.in_folder(root)
    tests = str(Path(__file__).parent)
    project.write("tools/ask.py", _ANSWERS.format(tests=tests, folder=str(root)))
    project.write(".pddrc", _SETTINGS.format(python=json.dumps(sys.executable)))
    for name, needed in needs.items():
        project.write(f"prompts/{name}_python.prompt", prompt(name, needed))
    return project


def prompt(name: str, needed: str, *more: str) -> str:
    """Return the prompt of a unit that offers a function of its name, and more."""
    lines = [f"Write the functions: {' '.join((f'show_{name}', *more))}."]
    lines += [f"<include>examples/{one}_example.py</include>" for one in needed]
    return "\n".join(lines) + "\n"


def asked(project: Project) -> list[str]:
    """Return what was asked since the last time, as ``unit kind``, in order."""
    log = project.root / "tools/asked"
    lines = log.read_text().splitlines() if log.is_file() else []
    log.unlink(missing_ok=True)
    return lines


def restless(project: Project, *names: str) -> None:
    """Let some units show one more function each time they are made."""
    project.write("tools/restless", " ".join(names))


def answer(folder: str) -> None:
    """Answer one request, as a program that is asked instead of a provider."""
    text = sys.stdin.read()
    last = text.rstrip().rpartition("\n")[2]
    tools = Path(folder, "tools")
    what, name = _asked(text, last)
    with (tools / "asked").open("a", encoding="utf-8") as log:
        log.write(f"{name} {what}\n")
    wanted = re.search(r"Write the functions: ([\w ]+)\.", text)
    names = wanted[1].split() if wanted else []
    more = tools / f"more_{name}"
    count = int(more.read_text()) if more.is_file() else 0
    restless = tools / "restless"
    if what == "generate" and restless.is_file() and name in restless.read_text():
        count += 1
        more.write_text(str(count))
    names += [f"more_{number}" for number in range(count)]
    if what == "verify":
        sys.stdout.write(_verdict(folder, name))
    else:
        sys.stdout.write(f"```python\n{_texts(name, names)[what]}```\n")


def _asked(text: str, last: str) -> tuple[str, str]:
    """Return what is asked, and of which unit."""
    for sign, what in _KINDS.items():
        if last.startswith(sign):
            return what, _ASKED.findall(last)[0]
    return "verify", re.findall(r"Write the functions: show_(\w+)", text)[-1]


def _verdict(folder: str, name: str) -> str:
    from calculator_texts import judged  # noqa: PLC0415 - most requests need none

    text = Path(folder, f"prompts/{name}_python.prompt").read_text(encoding="utf-8")
    return judged(text).replace("def add", f"def show_{name}")


def _texts(name: str, names: list[str]) -> dict[str, str]:
    functions = "\n\n\n".join(
        f"def {one}(value: int) -> int:\n    return value\n" for one in names
    )
    shown = "".join(f"print({one}(1))\n" for one in names)
    example = f"from {name} import {', '.join(names)}\n\n{shown}"
    tests = "\n\n\n".join(
        f"def test_{one}():\n    assert {one}(3) == 3\n" for one in names
    )
    head = f"from {name} import {', '.join(names)}\n\n\n"
    return {"generate": functions, "example": example, "test": head + tests}
