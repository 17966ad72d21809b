"""``doit log``: what was done with units, how it ended and what it took."""

import json
import sys
from typing import Final

from pdd_tasks.plugin.commands.command import ALL_AFFECTED, SELECTION, Command


_OPTIONS: Final = (
    {
        "name": "as_json",
        "long": "json",
        "type": bool,
        "default": False,
        "help": "print one JSON object instead of a table",
    },
    ALL_AFFECTED,
    {
        "name": "units",
        "long": "unit",
        "type": list,
        "default": [],
        "help": "only of this unit; may be given several times",
    },
    {
        "name": "step",
        "long": "step",
        "type": str,
        "default": "",
        "help": "only of this step",
    },
    {
        "name": "status",
        "long": "status",
        "type": str,
        "default": "",
        "help": "only what ended so: done, failed, conflict, budget, interrupted",
    },
    {
        "name": "since",
        "long": "since",
        "type": str,
        "default": "",
        "help": "only from then on: 2h, 3d, 2026-01-31",
    },
    {
        "name": "last",
        "short": "n",
        "long": "last",
        "type": int,
        "default": -1,
        "help": "only so many, the newest",
    },
    {
        "name": "no_pager",
        "long": "no-pager",
        "type": bool,
        "default": False,
        "help": "print a long table without a pager",
    },
)


class Log(Command):
    """Show the operations of units, the newest last."""

    name = "log"
    doc_purpose = "show what was done with units, how it ended, and what it took"
    doc_usage = (
        "[SELECTION ...] [--all-affected] [--step STEP] [--status STATUS]"
        " [--since TIME] [-n N] [--json]"
    )
    doc_description = f"{SELECTION} Nothing is locked and nothing is written."
    cmd_options = _OPTIONS

    def _execute(  # noqa: PLR0913 - doit passes each option by name
        self,
        *,
        as_json: bool,
        all_affected: bool,
        units: list[str],
        step: str,
        status: str,
        since: str,
        last: int,
        no_pager: bool,
        pos_args: list[str],
    ) -> int:
        """Print what is wanted of the log.

        Raises:
            InvalidCommand: If a word selects no unit, or an option is none.

        Returns:
            0.
        """
        # imported here: doit loads every command of the environment at its start
        from pdd_tasks.errors import PddError
        from pdd_tasks.plugin.logbook import lines, logbook, mapping
        from pdd_tasks.plugin.logwords import Words, wanted
        from pdd_tasks.plugin.pager import paged
        from pdd_tasks.plugin.selection import project_of

        names = (*units, *pos_args)
        words = Words(names, step, status, since, last, all_affected)
        with self._usage(PddError):
            project = project_of(self.task_list)
            book = logbook(project).chosen(wanted(project, words))
        for notice in book.notices:
            sys.stderr.write(self._said(f"{notice}\n"))
        if as_json:
            text = json.dumps(mapping(book), indent=1, sort_keys=True)
        else:
            text = "\n".join(lines(book))
        plain = as_json or no_pager
        paged(self._said(f"{text}\n"), self.outstream, plain=plain)
        return 0
