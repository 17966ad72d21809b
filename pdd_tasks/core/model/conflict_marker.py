"""The lines with which git marks what it could not merge."""

import re
from typing import Final, NamedTuple


_MARK: Final = re.compile(r"(<{7}|={7}|>{7})(?: .*)?")


class ConflictMark(NamedTuple):
    """The first place of a text that a merge left to a person.

    Attributes:
        line: Its first line, from 1.
        text: That line: the mark, and whose side follows.
    """

    line: int
    text: str


def first_conflict(text: str) -> ConflictMark | None:
    """Return the first conflict of a text; None if it has none.

    A conflict has all three marks, each at the beginning of a line and alone or
    followed by a blank; a single one may be a heading or a quotation.
    """
    start: ConflictMark | None = None
    wanted = "<"
    for number, line in enumerate(text.splitlines(), start=1):
        mark = _MARK.fullmatch(line)
        if mark is None or mark[1][0] not in {"<", wanted}:
            continue
        if mark[1][0] == "<":
            start, wanted = ConflictMark(number, line), "="
        elif wanted == "=":
            wanted = ">"
        else:
            return start
    return None
