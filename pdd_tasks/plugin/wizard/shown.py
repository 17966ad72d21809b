"""What the faces of the wizard show: texts without signs that steer a terminal."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pdd_tasks.core.merge.hunk import Choice, Edited, Hunk, Piece, Side, taken
from pdd_tasks.core.merge.keep import is_kept
from pdd_tasks.core.merge.line_style import lines_of
from pdd_tasks.core.merge.review import Review
from pdd_tasks.engine.resolution import OpenConflict


_STEERING: Final = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]"  # control sequences: colours, moves, modes
    r"|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?"  # titles, links, device strings
    r"|[ -/]*[0-~])?"  # all others
)
_CONTROLS: Final = (*range(32), *range(127, 160))
_TURNS: Final = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_SIGNS: Final = {
    **dict.fromkeys((*_CONTROLS, *_TURNS), "\N{REPLACEMENT CHARACTER}"),
    ord("\t"): "    ",
    ord("\n"): "\n",
}
_AROUND: Final = 3
WORDS: Final[Mapping[Side, str]] = {
    Side.MINE: "mine",
    Side.GENERATED: "generated",
    Side.BOTH: "both, mine first",
    Side.BOTH_TURNED: "both, generated first",
}


def safe(text: str) -> str:
    """Return a text as a terminal may show it.

    Control sequences go; what is left of control characters, and what turns the
    direction of writing, becomes a replacement character.
    """
    return _STEERING.sub("", text).translate(_SIGNS)


def word(choice: Choice) -> str:
    """Return what a choice is called."""
    if choice is None:
        return "undecided"
    return "edited" if isinstance(choice, Edited) else WORDS[choice]


def title(conflict: OpenConflict) -> str:
    """Return what a conflict is about, in one line."""
    path = conflict.unit.root / conflict.sides.path
    return safe(f"{conflict.unit.id}: {path}: {conflict.because}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The lines before and behind a hunk."""

    before: str
    behind: str


def around(review: Review) -> Around:
    """Return a few lines of what stands around the hunk that is looked at."""
    texts = ["", ""]
    number = -1
    for piece in review.pieces:
        number += isinstance(piece, Hunk)
        if not (isinstance(piece, Hunk) and number == review.at):
            texts[number >= review.at] += _as_chosen(piece, review, number)
    before, behind = (lines_of(text) for text in texts)
    return Around(before="".join(before[-_AROUND:]), behind="".join(behind[:_AROUND]))


def _as_chosen(piece: Piece, review: Review, number: int) -> str:
    if isinstance(piece, str):
        return piece
    return taken(piece, review.choices[number] or Side.MINE)


def differing(old: str, new: str, names: tuple[str, str]) -> list[str]:
    """Return a unified diff of two texts as lines without ends; none if they agree."""
    before, after = ([safe(line) for line in t.splitlines()] for t in (old, new))
    return [*difflib.unified_diff(before, after, *names, lineterm="")]


def prompt_lines(conflict: OpenConflict) -> Iterator[str]:
    """Yield how the prompt changed since the base was made; all of it if unknown."""
    if conflict.prompt_before is None:
        yield from safe(conflict.prompt).splitlines()
        return
    names = ("prompt of the base", "prompt now")
    found = differing(conflict.prompt_before, conflict.prompt, names)
    yield from found or ["the prompt did not change"]


def preview_lines(conflict: OpenConflict, text: str) -> list[str]:
    """Return what saving a text would change in the file."""
    path, mine = str(conflict.sides.path), conflict.sides.mine
    found = differing(mine, text, (path, f"{path} (merged)"))
    lost = not is_kept(mine, text, conflict.unit.language.comment)
    warned = ["attention: a protected block of yours is not in it as it was"]
    return [*(found or ["your file stays as it is"]), *(warned if lost else [])]
