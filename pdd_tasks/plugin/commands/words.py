"""The words of a command of ours: doit wants options in front of all others."""

from collections.abc import Iterable, Mapping


def options_first(
    words: Iterable[str], options: Iterable[Mapping[str, object]]
) -> list[str]:
    """Return words with the options of a command in front, otherwise in their order.

    Args:
        words: What was typed behind the command's name.
        options: The command's options, as doit takes them.
    """
    forms = {
        f"{mark}{row[form]}": row
        for row in options
        for mark, form in (("--", "long"), ("-", "short"))
        if row.get(form)
    }
    ours: list[str] = []
    others: list[str] = []
    rest = iter(words)
    for word in rest:
        row = forms.get(word.partition("=")[0])
        (others if row is None else ours).append(word)
        if row is not None and row["type"] is not bool and "=" not in word:
            ours += [value for value in [next(rest, None)] if value is not None]
    return ours + others
