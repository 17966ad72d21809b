"""The words of a command of ours: doit wants options in front of all others."""

from collections.abc import Iterable, Mapping


def options_first(
    words: Iterable[str], options: Iterable[Mapping[str, object]]
) -> list[str]:
    """Return words with the options of a command in front, otherwise in their order.

    Args:
        words: What was typed behind the command's name.
        options: The command's options, as doit takes them; none of them takes a
            value as a word of its own.
    """
    rows = tuple(options)
    ours = {f"--{row['long']}" for row in rows if row.get("long")}
    ours |= {f"-{row['short']}" for row in rows if row.get("short")}
    return sorted(words, key=lambda word: word.partition("=")[0] not in ours)
