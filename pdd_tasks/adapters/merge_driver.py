"""Another program that merges three texts, tried where everything else gave up.

Rule 1: it is never needed; without one the conflict stays. Rule 2: it sees copies in
a folder of its own, none of our variables but a few, and has little time. Rule 3: its
answer is what it writes to standard output when it ends with exit code 0; whether
that is good is judged by whoever asked.
"""

import shlex
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from pdd_tasks.adapters.processes import child_environment, run
from pdd_tasks.errors import ConfigError, RunError


AUTO: Final = "auto"
OFF: Final = "off"

_MERGIRAF: Final = "mergiraf"
_ITS_COMMAND: Final = "mergiraf merge {base} {mine} {generated} -p {file}"
_TIMEOUT_S: Final = 10.0
_GROWTH: Final = 4  # a merge holds no more than its sides, some letters many bytes
_LEAST: Final = 100_000


class MergeDriver:
    """Runs a merge program."""

    def __init__(self, setting: str = AUTO, *, timeout_s: float = _TIMEOUT_S) -> None:
        """Choose the program.

        Args:
            setting: ``auto`` for mergiraf where it is on the path, ``off`` for none,
                or a command; ``{base}``, ``{mine}``, ``{generated}`` and ``{file}``
                in it stand for the three files and the name of the merged one, and
                the three are put behind it if it names none of them.
            timeout_s: Seconds it may take.
        """
        self._command = _command(setting)
        self._timeout_s = timeout_s

    def merged(
        self, path: PurePosixPath, base: str, mine: str, generated: str
    ) -> str | None:
        """Return what the program makes of three texts; None if it makes nothing.

        Args:
            path: The file they are versions of.
            base: What both sides started from.
            mine: A person's side.
            generated: The generator's side.

        Raises:
            ConfigError: If a command was set that cannot be started.
        """
        if not self._command:
            return None
        texts = {"base": base, "mine": mine, "generated": generated}
        with tempfile.TemporaryDirectory(prefix="pdd-merge-") as folder:
            home = Path(folder)
            files = {name: _written(home, path, name, texts[name]) for name in texts}
            most = _LEAST + _GROWTH * sum(map(len, texts.values()))
            return self._answer(home, {**files, "file": path.name}, most)

    def _answer(self, home: Path, values: Mapping[str, str], most: int) -> str | None:
        private = dict.fromkeys(("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"), str(home))
        try:
            done = run(
                [_filled(part, values) for part in self._command],
                cwd=home,
                environment=child_environment((), private),
                timeout_s=self._timeout_s,
                output_limit_bytes=most,
                given=b"",
            )
        except RunError as error:
            msg = f"merge_driver: {self._command[0]} cannot be started"
            raise ConfigError(msg, hint="correct it, or set it to off") from error
        is_whole = not done.timed_out and len(done.output) < most
        if done.exit_code != 0 or not is_whole:
            return None
        try:
            return done.output.decode()
        except UnicodeDecodeError:
            return None


def _command(setting: str) -> list[str]:
    """Return the arguments of the program; none if there is to be no program."""
    if setting == OFF or (setting == AUTO and shutil.which(_MERGIRAF) is None):
        return []
    parts = shlex.split(_ITS_COMMAND if setting == AUTO else setting)
    if not any("{" in part for part in parts):
        parts += ["{base}", "{mine}", "{generated}"]
    return parts


def _written(home: Path, path: PurePosixPath, name: str, text: str) -> str:
    """Write one of the three files.

    Returns:
        Its name in the folder.
    """
    file = home / f"./{name}{path.suffix}"
    file.write_text(text, encoding="utf-8", newline="")
    return f"./{file.name}"


def _filled(part: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        part = part.replace(f"{{{name}}}", value)
    return part
