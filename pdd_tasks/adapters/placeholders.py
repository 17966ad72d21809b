"""Command templates of ``languages.yaml`` made into argument lists."""

import re
import sys
from collections.abc import Mapping, Sequence
from typing import Final

from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.errors import ConfigError


_OWN_PYTHON: Final = "{python}"
_NAME: Final = re.compile(r"\{([a-z_]+)\}")


def interpreter(unit: DevUnit) -> str:
    """Return the command of a unit's interpreter: its own, else the language's."""
    named = unit.settings.interpreter or unit.language.interpreter
    return sys.executable if named in {"", _OWN_PYTHON} else named


def arguments(
    template: Sequence[str], values: Mapping[str, str | Sequence[str]]
) -> list[str]:
    """Return a command with its placeholders replaced.

    An argument that is one placeholder becomes as many arguments as the value has.

    Args:
        template: Arguments with ``{name}`` in them.
        values: Name → text, or several texts.

    Raises:
        ConfigError: If a placeholder is not known here, or stands for several
            texts inside a longer argument.
    """
    found: list[str] = []
    for part in template:
        whole = _NAME.fullmatch(part)
        value = values.get(whole[1]) if whole else None
        if value is None or isinstance(value, str):
            found.append(filled(part, values))
        else:
            found.extend(value)
    return found


def filled(part: str, values: Mapping[str, str | Sequence[str]]) -> str:
    """Return one argument with its placeholders replaced.

    Raises:
        ConfigError: As for `arguments`.
    """

    def text(match: re.Match[str]) -> str:
        value = values.get(match[1])
        if isinstance(value, str):
            return value
        known = ", ".join(f"{{{name}}}" for name in sorted(values))
        msg = f"languages.yaml: {part!r} has {match[0]}, which has no value there"
        raise ConfigError(msg, hint=f"use one of {known}, each as its own argument")

    return _NAME.sub(text, part)
