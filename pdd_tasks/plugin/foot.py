"""The foot of a terminal, by rich: lines that stay below all others.

It is imported when something is shown. Rich finds the width and height of the
terminal anew each time, and cuts what does not fit.
"""

from typing import Final, TextIO

from rich.console import Console
from rich.live import Live
from rich.text import Text


_ABOVE: Final = 4  # lines of the terminal that are left to what was said
_LEAST: Final = 2


class RichFoot:
    """Lines at the foot of a terminal."""

    def __init__(self, stream: TextIO) -> None:
        """Take the terminal; nothing is shown yet.

        Args:
            stream: The terminal.
        """
        self._console = Console(file=stream, highlight=False)
        # what others write to standard error goes above the lines, too
        self._live = Live(
            console=self._console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
        )
        self._live.start()

    def show(self, lines: list[str]) -> None:
        """Show lines instead of those shown before; the last one always fits."""
        most = max(self._console.height - _ABOVE, _LEAST)
        *rows, last = lines
        if len(lines) > most:
            more = len(rows) - (most - 2)
            rows = [*rows[: most - 2], f"and {more} more"]
        shown = Text("\n".join([*rows, last]), no_wrap=True, overflow="ellipsis")
        self._live.update(shown, refresh=True)

    def write(self, text: str) -> None:
        """Write text above the lines, as it is."""
        self._console.out(text, end="", highlight=False)

    def end(self) -> None:
        """Take the lines away, and show the cursor."""
        self._live.stop()
