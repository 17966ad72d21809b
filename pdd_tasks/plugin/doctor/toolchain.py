"""Whether this machine has what the languages of the units need, and which versions."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from pdd_tasks.adapters.toolchain.tool import Tool, tools
from pdd_tasks.errors import ConfigError
from pdd_tasks.plugin.doctor.finding import Finding, Site
from pdd_tasks.plugin.language_adapters import syntaxes


_RUNNER: Final = "toolchain"


class ToolLook(NamedTuple):
    """One tool that a language needs.

    Attributes:
        command: What prints its version.
        version: The first line of what it says; empty if it does not run.
        hint: How to come by it.
        units: Ids of the units that need it, sorted.
    """

    language: str
    program: str
    command: str
    version: str
    hint: str
    units: tuple[str, ...]

    @property
    def line(self) -> str:
        """The same for people."""
        missing = f"not here, or too old: `{self.command}` does not run"
        return f"{self.language}: {self.program}: {self.version or missing}"


def tool_looks(site: Site) -> tuple[ToolLook, ...]:
    """Return the tools that the units of a site need, by language."""
    users: dict[tuple[str, Tool], list[str]] = {}
    for unit in site.units:
        for tool in tools(unit) if unit.language.runner == _RUNNER else ():
            users.setdefault((unit.language.name, tool), []).append(str(unit.id))
    looks = (
        ToolLook(
            language,
            tool.program,
            " ".join(tool.command),
            tool.version(site.root),
            tool.hint,
            tuple(units),
        )
        for (language, tool), units in users.items()
    )
    return tuple(sorted(looks))


def tool_findings(site: Site) -> Iterable[Finding]:
    """Give the tools that are not there, and the grammars.

    Yields:
        A finding each.
    """
    for look in tool_looks(site):
        if not look.version:
            yield Finding(
                kind="tool",
                what=f"{look.language} needs {look.program}, and `{look.command}`"
                " does not run here",
                why=f"nothing of {', '.join(look.units)} can be run or tested",
                command=look.hint,
            )
    yield from _grammars(site)


def _grammars(site: Site) -> Iterator[Finding]:
    known = syntaxes()
    for unit in {unit.language.syntax: unit for unit in site.units}.values():
        syntax = known.get(unit.language.syntax)
        try:
            if syntax is not None:
                syntax.problem("")
        except ConfigError as error:
            yield Finding(
                kind="grammar",
                what=error.message,
                why=f"units of {unit.language.name} cannot be read",
                command=error.hint,
            )
