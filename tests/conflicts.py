"""A unit whose prompt and code both changed in the same place: a conflict waits."""

from pathlib import Path

from calculator_texts import CODE, PROMPT, fenced, judged
from project import Project
from surface import live, server_of, unit_project


CODE_PATH = "src/calculator.py"
PROMPT_PATH = "prompts/calculator_python.prompt"
UNIT = "calculator_python"

LATER = PROMPT.replace("the sum of two numbers", "the sum of any numbers")
MINE = CODE.replace("return a + b", "return b + a").replace(
    '"""A calculator."""', '"""A calculator of mine."""'
)
THEIRS = CODE.replace("return a + b", "return sum((a, b))").replace(
    "return a - b", "return -(b - a)"
)


def conflicted(folder: Path) -> Project:
    """Return a unit with a conflict in `add`, an edit above it, and one below."""
    project = unit_project(folder, "calculator")
    with server_of() as first:
        said = project.doit(*live(first, "sync"))
    assert said.code == 0, said.text
    project.write(CODE_PATH, MINE)
    project.write(PROMPT_PATH, LATER)
    with server_of(generate=fenced(THEIRS), verify=judged(LATER)) as model:
        said = project.doit(*live(model, "sync:calculator"))
    assert said.code == 4, said.text
    return project
