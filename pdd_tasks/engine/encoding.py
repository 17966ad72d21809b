"""Files whose bytes are no UTF-8: nobody is asked about a text that is not theirs."""

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Final

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.engine.view import View
from pdd_tasks.errors import ConfigError


_LOST: Final = "\ufffd"  # stands where bytes could not be read as text


def refuse_undecodable(view: View, texts: Iterable[str]) -> None:
    """Refuse to send texts in which an artifact's bytes were lost.

    Raises:
        ConfigError: If one of the texts has lost bytes, and a file of the unit is not
            UTF-8.
    """
    if not any(_LOST in text for text in texts):
        return
    for artifact in Artifact:
        for path, data in view.contents(artifact).items():
            _refuse_other(view, path, data)


def _refuse_other(view: View, path: PurePosixPath, data: bytes) -> None:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        msg = f"unit {view.unit.id}: {path}:{line}: not UTF-8 text; no model is asked"
        hint = f"save it as UTF-8, then run `doit sync:{view.unit.id}` again"
        raise ConfigError(msg, hint=hint) from None
