"""Writes the reports that were asked for."""

from collections.abc import Callable, Sequence
from pathlib import Path

from pdd_tasks.errors import ConfigError
from pdd_tasks.plugin.reports.finding import Standing
from pdd_tasks.plugin.reports.github import annotations
from pdd_tasks.plugin.reports.junit import junit
from pdd_tasks.plugin.reports.sarif import sarif
from pdd_tasks.plugin.reports.summary import summary
from pdd_tasks.plugin.reports.wish import Wish


def reported(
    wish: Wish, units: Sequence[Standing], said: Callable[[str], str]
) -> list[str]:
    """Write the files.

    Args:
        wish: Which reports.
        units: How the units stand.
        said: Returns a text without secrets.

    Raises:
        ConfigError: If a file cannot be written.

    Returns:
        The annotations.
    """
    if wish.junit:
        _write("--junit-xml", wish.junit, "w", said(junit(units)))
    if wish.sarif:
        _write("--sarif", wish.sarif, "w", said(sarif(units)))
    if wish.summary:
        _write("--summary", wish.summary, "a", said(summary(units)))
    return annotations(units) if wish.annotations else []


def _write(option: str, name: str, mode: str, text: str) -> None:
    """Write a file or add to it, with the folders above it.

    Raises:
        ConfigError: If it cannot be written.
    """
    path = Path(name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open(mode, encoding="utf-8", errors="replace") as stream:
            stream.write(text)
    except OSError as error:
        msg = f"{option} {name}: it cannot be written: {error.strerror}"
        raise ConfigError(msg, hint="name a file that can be written") from None
