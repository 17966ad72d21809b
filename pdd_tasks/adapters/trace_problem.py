"""What is wrong with a file of a trace, and how a person gets out of it.

Loaded where something is: a file that is there and cannot be understood is refused.
"""

import json
import re
from pathlib import Path
from typing import Final

from pdd_tasks.core.model.form import FormError, NewerFormError
from pdd_tasks.errors import StateError


_DELETED: Final = {
    ".json": "to have what stands adopted",
    "_run.json": "to have the example and the tests run again",
}
"""Ending of a file's name → what deleting it is good for."""

_MARKER: Final = re.compile(r"^(?:<{7}|\|{7}|={7}|>{7})[^\r\n]*", re.MULTILINE)
_NAMED: Final = 5


def unreadable(path: Path, error: OSError) -> StateError:
    """Return the refusal of a file that the system does not let us read."""
    msg = f"{_shown(path)} cannot be read: {error.strerror}"
    hint = "make it a plain file that you may read, or move it away"
    return StateError(msg, hint=hint)


def unparsed(
    path: Path, data: bytes, error: ValueError | RecursionError, ending: str
) -> StateError:
    """Return the refusal of a file that is no JSON of ours."""
    if isinstance(error, UnicodeDecodeError):
        line = data.count(b"\n", 0, error.start) + 1
        return broken(path, f":{line}: not UTF-8", ending)
    text = data.decode("utf-8-sig")
    marker = _MARKER.search(text)
    if marker is not None:
        line = text.count("\n", 0, marker.start()) + 1
        msg = f"{_shown(path)}:{line}: a git conflict is not resolved: {marker[0]}"
        return StateError(
            msg,
            hint=f"keep one side with `git checkout --ours -- {_shown(path)}` (or"
            f" --theirs), or delete the file {_DELETED[ending]}",
        )
    if isinstance(error, json.JSONDecodeError):
        return broken(path, f":{error.lineno}: not JSON: {_clause(error.msg)}", ending)
    return broken(path, f": not usable JSON: {error}", ending)


def unformed(path: Path, error: FormError, ending: str) -> StateError:
    """Return the refusal of JSON that is no trace, or one of a newer program."""
    if isinstance(error, NewerFormError):
        hint = "upgrade it: `pip install --upgrade pdd-tasks`"
        return StateError(f"{_shown(path)}: {error}", hint=hint)
    named = "; ".join(error.problems[:_NAMED])
    more = len(error.problems) - _NAMED
    and_more = f"; and {more} more" if more > 0 else ""
    return broken(path, f": {named}{and_more}", ending)


def broken(path: Path, what: str, ending: str) -> StateError:
    """Return the refusal of a file that cannot be understood.

    Args:
        path: The file.
        what: What is wrong, as it follows the path.
        ending: The ending of its name, which tells a fingerprint from a run report.
    """
    return StateError(
        f"{_shown(path)}{what}",
        hint=f"restore it with `git checkout -- {_shown(path)}`, or delete it"
        f" {_DELETED[ending]}",
    )


def _clause(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _shown(path: Path) -> str:
    """Return a path as a command typed in the working folder needs it."""
    here = Path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()
