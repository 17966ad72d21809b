"""The project's own formatter, run on one text.

Rule 1: it runs in a scratch copy, where it finds its configuration; what it writes
there is gone afterwards. Rule 2: its answer is what it writes to standard output, in
UTF-8, and nothing but that. Rule 3: it sees none of the paths that programs under
test import from, so no module of the project can take the place of one of its own.
"""

import shlex
import shutil
from pathlib import Path, PurePosixPath
from typing import Final

from pdd_tasks.adapters.placeholders import arguments, interpreter
from pdd_tasks.adapters.processes import Finished, child_environment, run
from pdd_tasks.adapters.scratch import overlay, scratch
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.errors import ConfigError, FormatError, RunError


_GROWTH: Final = 10  # no formatter makes a text so many times longer
_NOT_RUN: Final = frozenset({126, 127})  # what launchers and shells end with then
_HINT: Final = "install it, or correct the command, or remove it"
_SAID_CHARS: Final = 300


class CommandFormatter:
    """Runs the command that formats the files of a unit."""

    def __init__(self, root: Path) -> None:
        """Name the project.

        Args:
            root: The absolute state root that all units are relative to.
        """
        self._root = root

    def check(self, unit: DevUnit) -> None:
        """Look whether a unit's formatter can be started; runs nothing.

        Raises:
            ConfigError: If its command names a program that is not there.
        """
        if unit.formatter:
            program = self._command(unit, self._root, unit.code[0])[0]
            if shutil.which(program) is None:
                raise ConfigError(
                    _cannot(unit, f"there is no program {program!r}"), hint=_HINT
                )

    def formatted(self, unit: DevUnit, path: PurePosixPath, text: str) -> str:
        """Return a text as the unit's formatter writes it; as it is without one.

        Args:
            unit: The unit.
            path: The file it becomes, which stands in the copy while it is formatted.
            text: The text.

        Raises:
            ConfigError: If the formatter cannot be started.
            FormatError: If it fails, takes too long, or answers with no text.
        """
        if not unit.formatter:
            return text
        data = text.encode()
        with scratch(self._root) as project:
            overlay(project, {path: data})
            limit = max(unit.settings.output_limit_bytes, _GROWTH * len(data))
            ended = self._run(unit, project, path, data, limit)
            if ended.exit_code in _NOT_RUN:
                because = f"it cannot be run: {_said(ended.errors, project)}"
                raise ConfigError(_cannot(unit, because), hint=_HINT)
            if problem := _problem(ended, data, limit):
                said = _said(ended.errors, project)
                raise FormatError(f"{problem}: {said}" if said else problem)
        return _decoded(ended.output)

    def _run(
        self,
        unit: DevUnit,
        project: Path,
        path: PurePosixPath,
        data: bytes,
        limit: int,
    ) -> Finished:
        temporary = project.parent / "tmp"
        temporary.mkdir()
        extra = {"PYTHONHASHSEED": "0", "TMPDIR": str(temporary)}
        try:
            return run(
                self._command(unit, project, path),
                cwd=project,
                environment=child_environment(unit.settings.environment, extra),
                timeout_s=unit.settings.run_timeout_s,
                output_limit_bytes=limit,
                given=data,
            )
        except RunError as error:
            if isinstance(error.__cause__, OSError | ValueError):
                raise ConfigError(_cannot(unit, error.message), hint=_HINT) from error
            raise  # it was ended with the whole run

    def _command(self, unit: DevUnit, project: Path, path: PurePosixPath) -> list[str]:
        """Return the command; a program of the project is started from there.

        What a project has installed for itself is not in its scratch copy.
        """
        values = {
            "interpreter": interpreter(unit),
            "file": str(project / path),
            "root": str(project),
        }
        program, *rest = arguments(unit.formatter, values)
        if "/" in program:
            program = str(self._root / program)
        return [program, *rest]


def _cannot(unit: DevUnit, because: str) -> str:
    """Return what to say of a formatter that cannot be started."""
    name, is_own = unit.language.name, unit.settings.format is not None
    where = "the setting format" if is_own else f"languages.yaml: format of {name}"
    return f"unit {unit.id}: {where} is `{shlex.join(unit.formatter)}`, but {because}"


def _problem(ended: Finished, data: bytes, limit: int) -> str:
    """Return why what a formatter wrote is no text of its; empty if it is one."""
    if ended.timed_out:
        return "the formatter was ended at its time limit"
    if ended.exit_code:
        return f"the formatter ended with exit code {ended.exit_code}"
    if len(ended.output) > limit:
        return "the formatter wrote too much"
    if data.strip() and not ended.output.strip():
        return "the formatter wrote nothing"
    return ""


def _said(errors: bytes, project: Path) -> str:
    """Return the last line a formatter said to people, fit for a terminal."""
    text = errors.decode("utf-8", errors="replace").replace(f"{project}/", "")
    line = (text.strip().splitlines() or [""])[-1].strip()
    return "".join(sign for sign in line if sign.isprintable())[:_SAID_CHARS]


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        msg = "the formatter wrote something that is not UTF-8"
        raise FormatError(msg) from None
