"""``doit explain``: why a unit or a step stands as it does; writes nothing."""

import json
from typing import Final

from pdd_tasks.plugin.commands.command import AS_JSON, SELECTION, Command


_OPTIONS: Final = (AS_JSON,)


class Explain(Command):
    """Show the root causes of what is due, and the ways from them."""

    name = "explain"
    doc_purpose = "show why a unit or a step stands as it does: the root causes"
    doc_usage = "[UNIT[:STEP] ...] [--json]"
    doc_description = (
        f"{SELECTION} One unit is explained at length, several in short; without a"
        " selection, all that are not current. Nothing is locked, run or written."
    )
    cmd_options = _OPTIONS

    def _execute(self, *, as_json: bool, pos_args: list[str]) -> int:
        """Print the explanation of each selected unit.

        Raises:
            InvalidCommand: If a word selects no unit.

        Returns:
            0; the code of its error if a unit cannot be looked at.
        """
        # imported here: doit loads every command of the environment at its start
        from pdd_tasks.errors import PddError
        from pdd_tasks.plugin.explain_lines import lines
        from pdd_tasks.plugin.explain_mapping import mapping
        from pdd_tasks.plugin.explaining import explanations
        from pdd_tasks.plugin.selection import project_of

        with self._usage(PddError):
            found, at_rest = explanations(project_of(self.task_list), pos_args)
        if as_json:
            text = json.dumps(mapping(found, at_rest), indent=1, sort_keys=True)
        else:
            text = "\n".join(lines(found, at_rest))
        self.outstream.write(self._said(f"{text}\n"))
        refused = [one.error.exit_code for one in found if one.error is not None]
        return int(max(refused, default=0))
