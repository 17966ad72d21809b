"""The wizard as a full screen; the only place that imports Textual."""

from collections.abc import Iterable
from typing import ClassVar, Final

from rich.text import Text
from textual.app import App, ComposeResult, SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Footer, Header, Static

from pdd_tasks.core.merge.hunk import Side
from pdd_tasks.core.merge.review import Review
from pdd_tasks.errors import PddError
from pdd_tasks.plugin.wizard.editing import Desk, edited_hunk
from pdd_tasks.plugin.wizard.shown import (
    around,
    preview_lines,
    prompt_lines,
    safe,
    title,
    word,
)


_SIDES: Final = ("base", "mine", "generated")
_STYLES: Final = {"+": "green", "-": "red", "@": "magenta"}


class Confirmation(ModalScreen[bool]):
    """Shows what saving would change, and asks whether to do it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "save"),
        Binding("n,escape,q", "answer(False)", "back"),
    ]

    def __init__(self, lines: Iterable[str]) -> None:
        super().__init__()
        self._lines = tuple(lines)

    def compose(self) -> ComposeResult:
        """Yield the preview and the keys."""
        yield VerticalScroll(Static(_coloured(self._lines), id="preview"))
        yield Footer()

    def action_answer(self, yes: bool) -> None:  # noqa: FBT001 - an action's argument
        """End with an answer."""
        _ = self.dismiss(yes)  # a screen cannot await its own end


class MergeScreen(App[str]):
    """Shows base, mine and the generated text side by side, hunk by hunk.

    It returns the text to save; None if the person quit.
    """

    TITLE: str | None = "doit merge"
    ENABLE_COMMAND_PALETTE = False
    CSS = """
    #title { padding: 0 1; text-style: bold; }
    #before, #behind { padding: 0 1; color: $text-muted; height: auto; }
    #sides { height: 1fr; }
    #sides VerticalScroll { width: 1fr; border: round $primary; }
    #status { padding: 0 1; background: $boost; }
    #context { height: 30%; border: round $secondary; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "choose('MINE')", "mine"),
        Binding("enter", "take_by_default", "mine", show=False),
        Binding("g", "choose('GENERATED')", "generated"),
        Binding("b", "choose('BOTH')", "both"),
        Binding("B", "choose('BOTH_TURNED')", "both, turned", show=False),
        Binding("e", "edit", "edit"),
        Binding("s", "save", "save"),
        Binding("q", "quit", "quit"),
        Binding("u", "undo", "undo"),
        Binding("n", "move(1)", "next"),
        Binding("p", "context('preview')", "preview"),
        Binding("N", "move(-1)", "back"),
        Binding("d", "context('prompt')", "prompt"),
        Binding("t", "context('tests')", "tests"),
        Binding("ctrl+c", "quit", "quit", show=False, priority=True),
    ]

    def __init__(self, desk: Desk, review: Review) -> None:
        super().__init__()
        self._desk, self.review = desk, review

    def compose(self) -> ComposeResult:
        """Yield the panes."""
        yield Header()
        yield Static(Text(title(self._desk.conflict)), id="title")
        yield Static(id="before")
        with Horizontal(id="sides"):
            for name in _SIDES:
                pane = VerticalScroll(Static(id=f"{name}-text"), id=name)
                pane.border_title = name
                yield pane
        yield Static(id="behind")
        yield Static(id="status")
        with VerticalScroll(id="context"):
            yield Static(id="context-text")
        yield Footer()

    def on_mount(self) -> None:
        """Show the first hunk, and how the prompt changed."""
        self._show_hunk()
        self.action_context("prompt")

    def _show_hunk(self) -> None:
        review = self.review
        if not review.hunks:
            self._put("status", Text("both sides are the same"))
            return
        hunk, near = review.hunks[review.at], around(review)
        base = "nobody knows" if hunk.base is None else hunk.base
        for name, text in zip(_SIDES, (base, hunk.mine, hunk.generated), strict=True):
            self._put(f"{name}-text", Text(safe(text)))
        self._put("before", Text(safe(near.before).removesuffix("\n")))
        self._put("behind", Text(safe(near.behind).removesuffix("\n")))
        under = f", under {hunk.where}" if hunk.where else ""
        place = f"hunk {review.at + 1} of {len(review.hunks)}, line {hunk.line}{under}"
        chosen = f"{word(review.choices[review.at])}; {len(review.open)} undecided"
        self._put("status", Text(safe(f"{place} · {chosen}")))

    def _put(self, name: str, text: Text) -> None:
        self.query_one(f"#{name}", Static).update(text)

    def action_choose(self, side: str) -> None:
        """Take a side for this hunk."""
        self._become(self.review.chosen(Side[side]))

    def action_take_by_default(self) -> None:
        """Take mine for this hunk if it is undecided."""
        self._become(self.review.taken_by_default())

    def action_move(self, by: int) -> None:
        """Look at another hunk."""
        self._become(self.review.moved(by))

    def action_undo(self) -> None:
        """Take the last choice back."""
        self._become(self.review.undone())

    def action_edit(self) -> None:
        """Edit this hunk."""
        try:
            with self.suspend():
                after = edited_hunk(self.review, self._desk)
        except PddError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        except SuspendNotSupported:
            self.notify("there is no terminal here for an editor", severity="error")
            return
        self._become(after)

    def _become(self, review: Review) -> None:
        self.review = review
        self._show_hunk()

    def action_context(self, what: str) -> None:
        """Show the prompt's change, the tests, or what saving would change."""
        self.query_one("#context", VerticalScroll).border_title = what
        self._put("context-text", _coloured(self._lines_of(what)))

    def _lines_of(self, what: str) -> Iterable[str]:
        conflict = self._desk.conflict
        if what == "prompt":
            return prompt_lines(conflict)
        if what == "tests":
            return safe(conflict.tests or "there are no tests").splitlines()
        refusal, text = self._desk.refusal(self.review), self.review.text
        lines = [] if text is None else preview_lines(conflict, text)
        return lines if refusal is None else [refusal, *lines]

    def action_save(self) -> None:
        """Show what saving would change, and end with the text if that is wanted."""
        refusal, text = self._desk.refusal(self.review), self.review.text
        if refusal is not None or text is None:
            self.notify(refusal or "", severity="warning", markup=False)
            return

        def answered(yes: bool | None) -> None:  # noqa: FBT001 - a screen's result
            if yes:
                self.exit(text)

        lines = preview_lines(self._desk.conflict, text)
        _ = self.push_screen(Confirmation(lines), answered)


class ScreenFace:
    """Shows the full screen."""

    def ask(self, desk: Desk, review: Review) -> str | None:
        """Return the text that a person made of a conflict; None if they quit."""
        return MergeScreen(desk, review).run()


def _coloured(lines: Iterable[str]) -> Text:
    text = Text()
    for line in lines:
        text.append(f"{line}\n", style=_STYLES.get(line[:1], ""))
    return text
