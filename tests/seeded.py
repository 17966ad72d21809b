"""A project of three units in a chain, in sync and committed, and seeded causes.

Two units are made from recorded replies, the third was written by a person; nothing
in it asks a model.
"""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from project import Project
from repository import Repository
from surface import owned

from pdd_tasks.core.model.artifact import Digest
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.model.trace import Fingerprint, GaveUp, HistoryEntry
from pdd_tasks.engine.observe import observe
from pdd_tasks.engine.view import View
from pdd_tasks.plugin.explained import Explanation
from pdd_tasks.plugin.explaining import explanations
from pdd_tasks.plugin.project import Project as Units


Change = Callable[[View], Fingerprint]

PRICE, RECEIPT, SHOP = "price_python", "receipt_python", "shop_python"
PRICE_PROMPT = "prompts/price_python.prompt"
PRICE_EXAMPLE = "examples/price_example.py"
RECEIPT_EXAMPLE = "examples/receipt_example.py"
RULES = "docs/rules.md"
SHOP_PROMPT = "prompts/shop_python.prompt"
SHOP_CODE, SHOP_EXAMPLE = "src/shop.py", "examples/shop_example.py"
SHOP_TESTS = "tests/test_shop.py"
SHOP_META = ".pdd/meta/shop_python.json"
SHOP_RUN = ".pdd/meta/shop_python_run.json"
MORE = "\nprint(price.more_prices(1))\n"
NEEDS = f"""\
Write a shop that prints what is sold.

<include>{RULES}</include>
<include>{RECEIPT_EXAMPLE}</include>
"""
CODE = "\n".join(
    [
        '"""A shop."""',
        *(f"\n\ndef sold_{n}():\n    return {n}" for n in range(20)),
        "\n\ndef never():\n    return 0\n",
    ]
)
EXAMPLE = "import shop\n\nprint(shop.sold_1())\n"
TESTS = "import shop\n\n\ndef test_sold():\n" + "".join(
    f"    assert shop.sold_{n}() == {n}\n" for n in range(20)
)


def seeded(folder: Path) -> Project:
    """Return the project; its units are in sync, and everything is committed."""
    project, said = owned("receipt", folder)
    assert said.code == 0, said.text
    project.write(RULES, "Be polite.\n\nSay thanks.\n")
    project.write(SHOP_PROMPT, NEEDS)
    project.write(SHOP_CODE, CODE)
    project.write(SHOP_EXAMPLE, EXAMPLE)
    project.write(SHOP_TESTS, TESTS)
    project.write(".gitignore", "__pycache__/\n.doit.db*\n")
    for words in (("reset-dep", f"sync:{SHOP}"), ("sync",)):
        done = project.doit(*words)
        assert done.code == 0, done.text
    assert "nothing to do" in project.doit("sync").out
    Repository(project.root).commit("in sync")
    return project


def copied(project: Project, folder: Path) -> Project:
    """Return a copy of a project."""
    shutil.copytree(project.root, folder / "project", symlinks=True)
    return Project(folder / "project")


def edit(project: Project, path: str, old: str, new: str) -> None:
    """Replace a text in a file that has it."""
    text = project.read(path)
    assert old in text
    project.write(path, text.replace(old, new))


def append(project: Project, path: str, text: str) -> None:
    """Add a text at the end of a file."""
    project.write(path, project.read(path) + text)


def remove(project: Project, path: str) -> None:
    """Delete a file."""
    (project.root / path).unlink()


def commit(project: Project, subject: str) -> None:
    """Commit everything."""
    Repository(project.root, init=()).commit(subject)


def explained(project: Project, word: str, **variables: str) -> Explanation:
    """Return what the command would say of one unit or step, in this process."""
    units = Units(project.root, (".",), variables)
    (found,), _ = explanations(units, [word])
    return found


def with_trace(project: Project, name: str, change: Change) -> None:
    """Change the fingerprint of a unit on the disk."""
    units = Units(project.root, (".",), {})
    unit = units.unit(name)
    assert unit is not None
    world = units.world(unit)
    view = observe(world, unit)
    trace = change(view)
    write = world.traces.fingerprint_write(unit.id, trace)
    (project.root / write.path).write_bytes(write.data)


def given_up(view: View) -> Fingerprint:
    """Return a fingerprint by which generating gave up in the present state."""
    triggers = view.triggers[Step.GENERATE]
    state = GaveUp(triggers=triggers, attempts=3, because="it does not parse")
    return replace(view.trace, gave_up={Step.GENERATE: state})


def made_anew(view: View) -> Fingerprint:
    """Return a fingerprint by which the example that stands was made just now."""
    record = view.trace.steps[Step.EXAMPLE]
    data = view.snapshot.contents[view.unit.example]
    outputs = {str(view.unit.example): Digest.of(data)}
    at = "2999-01-01T00:00:00Z"
    because = f"the prompt changed: {view.unit.prompt}"
    done = [
        (Step.GENERATE, Operation.GENERATE, because),
        (Step.EXAMPLE, Operation.WRITE_EXAMPLE, "the code's interface changed"),
    ]
    history = tuple(
        HistoryEntry(at=at, step=step, operation=what, because=why, cost=0)
        for step, what, why in done
    )
    steps = {**view.trace.steps, Step.EXAMPLE: replace(record, outputs=outputs)}
    kept = {n: d for n, d in view.trace.adopted.items() if n not in outputs}
    return replace(view.trace, steps=steps, adopted=kept, history=history)


def of_older_program(view: View) -> Fingerprint:
    """Return a fingerprint that an older version of the program wrote."""
    return replace(view.trace, pdd_version="0.0.1")


def unverified(view: View) -> Fingerprint:
    """Return a fingerprint of a unit that was never verified."""
    left = dict(view.trace.steps)
    del left[Step.VERIFY]
    return replace(view.trace, steps=left)
