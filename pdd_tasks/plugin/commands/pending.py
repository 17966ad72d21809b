"""``doit pending``: what a sync would do, and why; takes no lock, writes nothing."""

import json
from typing import Final

from pdd_tasks.plugin.commands.command import (
    ALL_AFFECTED,
    AS_JSON,
    SELECTION,
    Command,
)


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
        "help": "exit with 1 if something is pending",
    },
)


class Pending(Command):
    """Show pending steps with their reasons."""

    name = "pending"
    doc_purpose = "show which steps of which units are pending, and why"
    doc_usage = "[SELECTION ...] [--all-affected] [--changes] [--json] [--exit-code]"
    doc_description = f"{SELECTION} Nothing is locked and nothing is written."
    cmd_options = _OPTIONS

    def _execute(
        self,
        *,
        as_json: bool,
        all_affected: bool,
        changes: bool,
        exit_code: bool,
        pos_args: list[str],
    ) -> int:
        """Print the plan of each selected unit.

        Raises:
            InvalidCommand: If a word selects no unit.

        Returns:
            1 if asked to say so and something is pending, else 0.
        """
        # imported here: doit loads every command of the environment at its start
        from pdd_tasks.errors import PddError
        from pdd_tasks.plugin.forecast import (
            estimated,
            forecasts,
            gone,
            lines,
            mapping,
        )

        with self._usage(PddError):
            found = forecasts(
                self.task_list, pos_args, changes=changes, all_affected=all_affected
            )
            cost = estimated(self.task_list, found)
            left = () if pos_args else gone(self.task_list)
        if as_json:
            text = json.dumps(mapping(found, left, cost), indent=1, sort_keys=True)
        else:
            text = "\n".join(lines(found, left, cost))
        self.outstream.write(self._said(f"{text}\n"))
        refused = [f.error.exit_code for f in found if f.error is not None]
        if refused:
            return int(max(refused))
        return int(exit_code and any(f.pending for f in found))
