"""The faces of the wizard, and which of them a person gets."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Protocol

from pdd_tasks.core.merge.review import Review
from pdd_tasks.errors import ConfigError
from pdd_tasks.plugin.wizard.editing import Desk


_EDITORS: Final = ("VISUAL", "EDITOR")


class Face(Protocol):
    """One of the ways in which a person is asked."""

    def ask(self, desk: Desk, review: Review) -> str | None:
        """Return the text that a person made of a conflict; None if they quit."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """How a conflict is decided.

    Attributes:
        mine: Without asking: your text.
        generated: Without asking: the generated text.
        file: Without asking: the text of this file; empty if none is named.
        resume: The conflict file that was edited.
        screen: Ask on a full screen.
        prompt: Ask for keys also where standard input is no terminal.
        everything: Ask also about what one side alone changed.
    """

    mine: bool = False
    generated: bool = False
    file: str = ""
    resume: bool = False
    screen: bool = False
    prompt: bool = False
    everything: bool = False

    @property
    def answers(self) -> tuple[str, ...]:
        """The options that decide without asking."""
        words = {
            "--mine": self.mine,
            "--generated": self.generated,
            "--from": bool(self.file),
            "--continue": self.resume,
        }
        return tuple(word for word, given in words.items() if given)


def has_terminal() -> bool:
    """Return whether a person can be shown something and can answer."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def can_ask(mode: Mode) -> bool:
    """Return whether a person can be asked in the way that is wanted."""
    return mode.prompt or mode.screen or has_terminal()


def editor(name: str) -> Callable[[str], str | None]:
    """Return what shows a text in a person's editor."""
    command = next((found for e in _EDITORS if (found := os.environ.get(e))), "vi")

    def edit(text: str) -> str | None:
        from pdd_tasks.adapters.editor import edited

        return edited(text, name, command)

    return edit


@contextmanager
def face_of(mode: Mode) -> Iterator[Face]:
    """Lend the face that is asked for; the terminal is as before when it ends.

    Raises:
        ConfigError: If it cannot be had.

    Yields:
        The face.
    """
    # imported here: a conflict that is decided without asking needs none of it
    from rich.console import Console

    from pdd_tasks.plugin.wizard.keys import PipedKeys, TerminalKeys
    from pdd_tasks.plugin.wizard.prompt import PromptFace

    if mode.screen:
        yield _screen()
    elif sys.stdin.isatty():
        with TerminalKeys() as keys:
            yield PromptFace(keys, Console())
    else:
        yield PromptFace(PipedKeys(), Console())


def _screen() -> Face:
    """Return the full screen.

    Raises:
        ConfigError: If there is no terminal for it, or Textual is not installed.
    """
    if not has_terminal():
        msg = "--tui needs a terminal"
        raise ConfigError(msg, hint="leave it out, or run it in a terminal")
    try:
        from pdd_tasks.plugin.wizard.screen import ScreenFace
    except ImportError as error:
        msg = f"--tui needs Textual: {error}"
        raise ConfigError(msg, hint="pip install 'pdd-tasks[tui]'") from None
    return ScreenFace()
