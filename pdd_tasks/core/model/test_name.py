"""What a test is called inside its file, by whoever reads its text or its report."""

from collections.abc import Iterable


def test_name(parts: Iterable[str]) -> str:
    """Return the id of a test inside its file: groups and name, joined by ``::``.

    Brackets stand for parameters in ids, and become parentheses; white space counts
    as one blank.

    Args:
        parts: The names of the groups around it, the outermost first, and its own.
    """
    return "::".join(_plain(part) for part in parts)


def _plain(part: str) -> str:
    words = " ".join(part.split())
    return words.replace("[", "(").replace("]", ")").replace("::", ": ")
