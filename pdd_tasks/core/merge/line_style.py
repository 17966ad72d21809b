"""How a text ends its lines, and whether it begins with a byte-order mark.

Rule 1: only a line feed ends a line, as git has it; a carriage return before it is
part of the end. Rule 2: the style of a merge is that of mine.
"""

from typing import Final


MARK: Final = "\ufeff"


def lines_of(text: str) -> list[str]:
    """Return the lines of a text with their ends; the last may have none."""
    *whole, rest = text.split("\n")
    return [*(f"{line}\n" for line in whole), *([rest] if rest else [])]


def bare(line: str) -> str:
    """Return a line without its end: what is compared."""
    return line.removesuffix("\n").removesuffix("\r")


def end_of(text: str) -> str:
    """Return how most lines of a text end; a line feed if none has an end."""
    crlf = text.count("\r\n")
    return "\r\n" if 2 * crlf > text.count("\n") else "\n"


def alike(text: str, model: str) -> str:
    """Return a text with the byte-order mark and the line ends of another.

    Args:
        text: The text; its final line end stays or stays missing.
        model: The text it is to be like; one without lines leaves line ends alone.
    """
    plain = text.removeprefix(MARK)
    if "\n" in model:
        plain = plain.replace("\r\n", "\n").replace("\n", end_of(model))
    return MARK + plain if model.startswith(MARK) else plain


def is_ended(text: str) -> bool:
    """Return whether a text's last line has an end; so has that of an empty text."""
    return not text or text.endswith("\n")


def ended(text: str, end: str) -> str:
    """Return a text whose last line has an end."""
    return text if is_ended(text) else text + end
