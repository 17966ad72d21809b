"""The command that goes on where a limit stopped a run."""

import shlex
from collections.abc import Iterable


def lifted(command: str, words: Iterable[str]) -> str:
    """Return a command with settings put in place of those that stopped it.

    Args:
        command: What was typed.
        words: Settings, ``budget=0.20``; of several amounts of one, the largest counts.
    """
    largest: dict[str, str] = {}
    for word in words:
        name, _, amount = word.partition("=")
        largest[name] = max(largest.get(name, "0"), amount, key=float)
    if not largest:
        return command
    typed = shlex.split(command)
    others = [word for word in typed if word.partition("=")[0] not in largest]
    return shlex.join([*others, *(f"{n}={amount}" for n, amount in largest.items())])
