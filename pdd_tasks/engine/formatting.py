"""Generated text as the project's formatter writes it, or as it was.

What a formatter answers is used only if it says the same as before; otherwise people
are told, and the text stays as it is. A reply is never lost to a formatter.
"""

from pathlib import PurePosixPath

from pdd_tasks.engine.ports import Syntax
from pdd_tasks.engine.view import View
from pdd_tasks.engine.world import World
from pdd_tasks.errors import FormatError


def formatted(world: World, view: View, path: PurePosixPath, text: str) -> str:
    """Return a text as it will be checked, proven and published.

    Args:
        world: The ports.
        view: The unit.
        path: The file it becomes.
        text: The text, which parses.

    Raises:
        ConfigError: If the unit's formatter cannot be started.
    """
    try:
        found = world.formatter.formatted(view.unit, path, text)
        because = _objection(view.syntax, text, found)
    except FormatError as error:
        found, because = text, error.message
    if because:
        world.say(f"{view.unit.id}: {path} stays as it was generated: {because}")
    return text if because else found


def _objection(syntax: Syntax, before: str, after: str) -> str:
    """Return why formatted text cannot be used; empty if it can."""
    if before == after:
        return ""
    if problem := syntax.problem(after):
        return f"the formatter broke it: {problem}"
    if syntax.behaviour(before) != syntax.behaviour(after):
        return "the formatter changed what it does"
    return ""
