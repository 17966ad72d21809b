"""A unit whose prompt and code both changed in the same place: a conflict waits."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePosixPath

from calculator_texts import CODE, PROMPT, TESTS, fenced, judged
from project import Project
from surface import live, server_of, unit_project

from pdd_tasks.core.merge.ladder import merge
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.language import Language
from pdd_tasks.core.model.settings import Settings
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.engine.resolution import OpenConflict
from pdd_tasks.engine.sides import Sides
from pdd_tasks.plugin.wizard.editing import Desk


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


def open_conflict(
    base: str | None = CODE, mine: str = MINE, generated: str = THEIRS
) -> OpenConflict:
    """Return a conflict as the engine finds it, without any files."""
    path = PurePosixPath(CODE_PATH)
    unit = DevUnit(
        id=UnitId("calculator", "python"),
        root=PurePosixPath(),
        prompt=PurePosixPath(PROMPT_PATH),
        code=(path,),
        import_root=PurePosixPath("src"),
        example=PurePosixPath("examples/calculator_example.py"),
        test=PurePosixPath("tests/test_calculator.py"),
        language=Language(name="python", extensions=("py",), environment={}),
        settings=Settings(),
    )
    return OpenConflict(
        unit=unit,
        sides=Sides(
            path=path, base=base, mine=mine, generated=generated, data=mine.encode()
        ),
        because="both sides changed the same lines",
        result=merge(base, mine, generated),
        prompt=LATER,
        prompt_before=PROMPT,
        tests=TESTS,
    )


def no_edit(text: str) -> str | None:
    """Leave a text as it is."""
    return None if text else ""


def desk_of(
    conflict: OpenConflict | None = None,
    edit: Callable[[str], str | None] = no_edit,
    **fields: str | None,
) -> Desk:
    """Return a desk with a conflict; texts with ``broken`` in them do not parse."""
    shown = conflict or open_conflict()
    return Desk(
        conflict=replace(shown, **fields),  # type: ignore[arg-type]
        edit=edit,
        problem=lambda text: "line 1: broken" if "broken" in text else None,
    )
