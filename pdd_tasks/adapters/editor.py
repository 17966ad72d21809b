"""A person's editor, with one text in it."""

import shlex
import subprocess
import tempfile
from pathlib import Path

from pdd_tasks.errors import PddError


_HINT = "set EDITOR to the command of your editor, or choose without editing"


def edited(text: str, name: str, command: str) -> str | None:
    """Return a text as a person leaves it in an editor; None if it was not changed.

    Args:
        text: What the editor shows.
        name: The name of the file, so that the editor knows its language.
        command: The editor and its arguments.

    Raises:
        PddError: If the editor cannot be run, fails, or leaves no text.
    """
    with tempfile.TemporaryDirectory(prefix="pdd-merge-") as folder:
        file = Path(folder, name)
        file.write_bytes(text.encode())
        _run([*shlex.split(command), str(file)])
        try:
            after = file.read_bytes().decode()
        except (OSError, UnicodeDecodeError) as error:
            msg = f"the editor left no text in UTF-8: {error}"
            raise PddError(msg, hint=_HINT) from None
    return None if after == text else after


def _run(command: list[str]) -> None:
    """Run an editor on the terminal and wait for its end.

    Raises:
        PddError: If it cannot be run, or fails.
    """
    try:
        # it must have the terminal, so it is no child as those of `processes` are
        code = subprocess.run(command, check=False).returncode
    except OSError as error:
        msg = f"the editor `{shlex.join(command[:-1])}` cannot be run: {error.strerror}"
        raise PddError(msg, hint=_HINT) from None
    if code:
        msg = f"the editor `{shlex.join(command[:-1])}` failed with exit code {code}"
        raise PddError(msg, hint=_HINT)
