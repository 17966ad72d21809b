"""``doit pending``: what a sync would do, and why; takes no lock, writes nothing."""

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from pdd_tasks.plugin.commands.command import (
    ALL_AFFECTED,
    AS_JSON,
    SELECTION,
    Command,
)


if TYPE_CHECKING:
    from pdd_tasks.plugin.forecast import Forecast
    from pdd_tasks.plugin.reports.wish import Wish


_OPTIONS: Final = (
    AS_JSON,
    ALL_AFFECTED,
    {
        "name": "changes",
        "long": "changes",
        "type": bool,
        "default": False,
        "help": "show what changed, too, and how much that weighs",
    },
    {
        "name": "exit_code",
        "long": "exit-code",
        "type": bool,
        "default": False,
        "help": "exit with 1 if something is pending, and say how units drifted",
    },
    {
        "name": "staged",
        "long": "staged",
        "type": bool,
        "default": False,
        "help": "look at what is staged for the next commit, for a hook",
    },
    {
        "name": "junit",
        "long": "junit-xml",
        "type": str,
        "default": "",
        "help": "write a JUnit report into a file, one test case a unit",
    },
    {
        "name": "sarif",
        "long": "sarif",
        "type": str,
        "default": "",
        "help": "write a SARIF 2.1.0 log into a file",
    },
    {
        "name": "summary",
        "long": "summary",
        "type": str,
        "default": "",
        "help": "add a Markdown table to a file; in GitHub Actions, with"
        " --exit-code, to the summary of the step",
    },
    {
        "name": "annotations",
        "long": "annotations",
        "inverse": "no-annotations",
        "type": bool,
        "default": None,
        "help": "print annotations for GitHub Actions; there, with --exit-code,"
        " without being asked",
    },
)


class Pending(Command):
    """Show pending steps with their reasons."""

    name = "pending"
    doc_purpose = "show which steps of which units are pending, and why"
    doc_usage = (
        "[SELECTION ...] [--all-affected] [--changes] [--json] [--exit-code]"
        " [--staged] [--junit-xml FILE] [--sarif FILE] [--summary FILE] [--annotations]"
    )
    doc_description = (
        f"{SELECTION} Nothing is locked, and nothing is written but the reports that"
        " are asked for."
    )
    cmd_options = _OPTIONS
    looks_at_named = True

    def execute(self, params: Mapping[str, Any], args: list[str]) -> int | None:
        """Note which reports are asked for, and run the command.

        Returns:
            What the command returns.
        """
        from pdd_tasks.plugin.reports.wish import wish

        gate = os.environ if params["exit_code"] else {}
        self._wish = wish(params, gate)
        return super().execute(params, args)

    def _execute(
        self,
        *,
        as_json: bool,
        all_affected: bool,
        changes: bool,
        exit_code: bool,
        staged: bool,
        pos_args: list[str],
    ) -> int:
        """Print the plan of each selected unit, and write the reports.

        Raises:
            InvalidCommand: If a word selects no unit, or a file cannot be written.

        Returns:
            1 if asked to say so and something is pending, else 0.
        """
        # imported here: doit loads every command of the environment at its start
        from pdd_tasks.errors import PddError
        from pdd_tasks.plugin.forecast import estimated, forecasts, gone, lines, mapping

        with self._usage(PddError):
            if staged:
                found = self._staged(pos_args, all_affected=all_affected)
            else:
                drift = as_json or exit_code or self._wish.any
                found = forecasts(
                    self.task_list,
                    pos_args,
                    changes=changes,
                    drift=drift,
                    all_affected=all_affected,
                )
            cost = None if staged else estimated(self.task_list, found)
            left = () if pos_args or staged else gone(self.task_list)
            notes = self._reported(self._wish, found) if self._wish.any else ()
        if as_json:
            text = json.dumps(mapping(found, left, cost), indent=1, sort_keys=True)
        else:
            text = "\n".join(lines(found, left, cost))
        self.outstream.write(self._said(f"{text}\n"))
        notes_to = sys.stderr if as_json else self.outstream
        notes_to.writelines(self._said(f"{note}\n") for note in notes)
        return _code(found, gate=exit_code)

    def _staged(
        self, words: list[str], *, all_affected: bool
    ) -> "tuple[Forecast, ...]":
        from pdd_tasks.plugin.staged import staged_forecasts

        return staged_forecasts(self.task_list, words, all_affected=all_affected)

    def _reported(self, wanted: "Wish", found: "Sequence[Forecast]") -> Sequence[str]:
        """Write the reports.

        Returns:
            The annotations.
        """
        from pdd_tasks.plugin.reports.finding import standings
        from pdd_tasks.plugin.reports.writing import reported
        from pdd_tasks.plugin.selection import project_of

        units = standings(found, project_of(self.task_list).top)
        return reported(wanted, units, self._said)


def _code(found: "Iterable[Forecast]", *, gate: bool) -> int:
    """Return the exit code: that of the worst refusal, else what a gate says."""
    refused = [one.error.exit_code for one in found if one.error is not None]
    if refused:
        return int(max(refused))
    return int(gate and any(one.pending for one in found))
