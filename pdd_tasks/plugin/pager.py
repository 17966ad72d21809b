"""A long text on a terminal, page by page; ``$PAGER`` says with what."""

import shutil
import sys
from typing import TextIO


def paged(text: str, stream: TextIO, *, plain: bool = False) -> None:
    """Print a text, through a pager if it does not fit on the terminal.

    Args:
        text: The text, with a newline at its end.
        stream: Where it is printed; only the terminal of this process has pages.
        plain: True to print it as it is.
    """
    fits = text.count("\n") < shutil.get_terminal_size().lines
    if plain or fits or stream is not sys.stdout or not stream.isatty():
        stream.write(text)
        stream.flush()
        return
    # loaded only here: it is large, and nobody else needs it
    from pydoc import pager

    pager(text)
