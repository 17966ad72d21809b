"""``doit cost``: what was really spent; writes nothing."""

import json
from typing import Final

from pdd_tasks.plugin.commands.command import AS_JSON, SELECTION, Command


_OPTIONS: Final = (
    AS_JSON,
    {
        "name": "by",
        "long": "by",
        "type": str,
        "default": "unit",
        "help": "unit, step, model or day",
    },
    {
        "name": "since",
        "long": "since",
        "type": str,
        "default": "",
        "help": "only from then on: 2h, 3d, 2026-01-31",
    },
)


class CostCommand(Command):
    """Show what requests to models cost."""

    name = "cost"
    doc_purpose = "show what was really spent, by unit, step, model or day"
    doc_usage = "[SELECTION ...] [--by unit|step|model|day] [--since TIME] [--json]"
    doc_description = (
        f"{SELECTION} Without one, what units cost that are gone is counted, too."
        " Nothing is locked and nothing is written."
    )
    cmd_options = _OPTIONS

    def _execute(
        self, *, as_json: bool, by: str, since: str, pos_args: list[str]
    ) -> int:
        """Print what was spent.

        Raises:
            InvalidCommand: If a word selects no unit or an option is none, or if what
                is on record cannot be read.

        Returns:
            0.
        """
        # imported here: doit loads every command of the environment at its start
        from pdd_tasks.errors import PddError
        from pdd_tasks.plugin.costs import Words, costs, lines, mapping
        from pdd_tasks.plugin.selection import project_of

        with self._usage(PddError):
            project = project_of(self.task_list)
            found = costs(project, Words(tuple(pos_args), by, since))
        if as_json:
            text = json.dumps(mapping(found), indent=1, sort_keys=True)
        else:
            text = "\n".join(lines(found))
        self.outstream.write(self._said(f"{text}\n"))
        return 0
