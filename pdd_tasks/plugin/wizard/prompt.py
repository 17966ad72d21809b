"""The wizard as questions in a terminal: one key answers one hunk."""

from collections.abc import Iterable, Mapping
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from pdd_tasks.core.merge.hunk import Side
from pdd_tasks.core.merge.line_style import lines_of
from pdd_tasks.core.merge.review import Review
from pdd_tasks.errors import PddError
from pdd_tasks.plugin.wizard.editing import Desk, edited_hunk
from pdd_tasks.plugin.wizard.keys import ENTER, QUIT, Keys
from pdd_tasks.plugin.wizard.shown import (
    around,
    preview_lines,
    prompt_lines,
    safe,
    title,
    word,
)


_MOST: Final = 100
"""Lines of a side that are shown; the editor shows all."""

_WIDE: Final = 100
"""Columns from which on the sides stand beside each other."""

CHOICES: Final[Mapping[str, Side]] = {
    "m": Side.MINE,
    "g": Side.GENERATED,
    "b": Side.BOTH,
    "B": Side.BOTH_TURNED,
}
_MOVES: Final[Mapping[str, int]] = {"n": 1, "N": -1}
_HELP: Final = """\
m  take mine (Enter, if undecided)     n  next hunk, N the one before
g  take the generated text             u  undo the last choice
b  take both, mine first               d  how the prompt changed
B  take both, the generated first      t  the tests
e  edit in your editor                 p  preview: what saving would change
s  save, after a preview               q  quit: nothing is changed"""
_ASK: Final = "m mine · g generated · b both · e edit · u undo · p preview · s save"
_REST: Final = " · q quit · ? help "


class PromptFace:
    """Asks hunk by hunk."""

    def __init__(self, keys: Keys, console: Console) -> None:
        self._keys, self._console = keys, console

    def ask(self, desk: Desk, review: Review) -> str | None:
        """Return the text that a person made of a conflict; None if they quit."""
        self._print(Rule(Text(title(desk.conflict), style="bold")))
        self._lines(prompt_lines(desk.conflict))
        self._show(review)
        while (key := self._next(review)) != QUIT:
            if key == "s":
                text = self._confirmed(desk, review)
                if text is not None:
                    return text
                continue
            after = self._after(key, desk, review)
            if after is not review:
                self._show(after)
            review = after
        self._say("left as it was; nothing was written")
        return None

    def _next(self, review: Review) -> str:
        asked = _ASK + _REST + "[m] " * (review.at in review.open)
        self._console.print(Text(asked, style="cyan"), end="", soft_wrap=True)
        key = self._keys.next()
        self._console.print(Text(key if key.isprintable() else ""), highlight=False)
        return key

    def _after(self, key: str, desk: Desk, review: Review) -> Review:
        """Return the review after a key; itself if the key only shows something."""
        if key in CHOICES:
            return review.chosen(CHOICES[key])
        if key in {ENTER, "\r"}:
            return self._entered(review)
        if key in _MOVES:
            return review.moved(_MOVES[key])
        if key == "u":
            return review.undone()
        if key == "e":
            return self._edited(desk, review)
        self._look(key, desk, review)
        return review

    def _entered(self, review: Review) -> Review:
        after = review.taken_by_default()
        if after is review:
            self._say("this hunk is decided; m takes mine all the same")
        return after

    def _look(self, key: str, desk: Desk, review: Review) -> None:
        if key == "p":
            self._preview(desk, review)
        elif key == "d":
            self._lines(prompt_lines(desk.conflict))
        elif key == "t":
            self._lines(safe(desk.conflict.tests or "there are no tests").splitlines())
        else:
            self._say(_HELP)

    def _edited(self, desk: Desk, review: Review) -> Review:
        try:
            with self._keys.paused():
                return edited_hunk(review, desk)
        except PddError as error:
            self._say(str(error))
            return review

    def _confirmed(self, desk: Desk, review: Review) -> str | None:
        """Return the text if it may be saved and a person says yes to its preview."""
        if not self._preview(desk, review):
            return None
        self._console.print(Text("save this? y yes · n no [n] ", style="cyan"), end="")
        key = self._keys.next()
        self._say(key if key.isprintable() else "")
        return review.text if key == "y" else None

    def _preview(self, desk: Desk, review: Review) -> bool:
        """Show what saving would change.

        Returns:
            Whether it is possible.
        """
        refusal = desk.refusal(review)
        if review.text is not None:
            self._lines(preview_lines(desk.conflict, review.text))
        if refusal is not None:
            self._say(refusal)
        return refusal is None

    def _show(self, review: Review) -> None:
        if review.hunks:
            self._print(_hunk(review, self._console.width))
        if not review.open:
            self._say("all is decided: s shows what would change, and saves it")

    def _lines(self, lines: Iterable[str]) -> None:
        styles = {"+": "green", "-": "red", "@": "magenta"}
        for line in lines:
            self._print(Text(line, style=styles.get(line[:1], "")))

    def _say(self, text: str) -> None:
        self._print(Text(safe(text)))

    def _print(self, what: RenderableType) -> None:
        self._console.print(what, highlight=False)


def _hunk(review: Review, width: int) -> RenderableType:
    """Return the hunk that is looked at, between the lines around it."""
    hunk, near = review.hunks[review.at], around(review)
    under = f", under {hunk.where}" if hunk.where else ""
    place = f"{review.at + 1} of {len(review.hunks)}, line {hunk.line}{under}"
    chosen = word(review.choices[review.at])
    base = "nobody knows" if hunk.base is None else hunk.base
    texts = {"base": base, "mine": hunk.mine, "generated": hunk.generated}
    sides = {name: _start(text) for name, text in texts.items()}
    return Group(
        Rule(Text(safe(f"hunk {place} · {chosen}"))),
        Text(safe(near.before).removesuffix("\n"), style="dim"),
        _beside(sides) if width >= _WIDE else _below(sides),
        Text(safe(near.behind).removesuffix("\n"), style="dim"),
    )


def _start(text: str) -> str:
    """Return the first lines of a text, and how many more there are."""
    lines = lines_of(text)
    more = len(lines) - _MOST
    shown = "".join(lines[:_MOST])
    return f"{shown}… {more} more lines: e shows them\n" if more > 0 else shown


def _beside(sides: Mapping[str, str]) -> RenderableType:
    table = Table(expand=True, show_lines=False)
    for name in sides:
        table.add_column(name, ratio=1, overflow="fold")
    table.add_row(*(Text(safe(text).removesuffix("\n")) for text in sides.values()))
    return table


def _below(sides: Mapping[str, str]) -> RenderableType:
    table = Table(show_header=False, show_lines=True, expand=True)
    table.add_column("side")
    table.add_column("text", ratio=1, overflow="fold")
    for name, text in sides.items():
        table.add_row(name, Text(safe(text).removesuffix("\n")))
    return table
