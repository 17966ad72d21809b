"""``doit doctor``: what is wrong with the project's state, and what mends it."""

import json
from typing import Final

from doit.exceptions import InvalidCommand

from pdd_tasks.plugin.commands.command import AS_JSON, Command


_OPTIONS: Final = (
    {
        "name": "provider",
        "long": "provider",
        "type": bool,
        "default": False,
        "help": "ask everybody who answers one small question; that may cost something",
    },
    AS_JSON,
)


class Doctor(Command):
    """Show what is wrong with locks and state, each with what mends it."""

    name = "doctor"
    doc_purpose = "show who holds which unit, what is wrong, and what mends it"
    doc_usage = "[--provider] [--json]"
    doc_description = (
        "Exits with 1 if anything is wrong. Nothing is locked and nothing is changed;"
        " with --provider one answer of each model is paid for and recorded."
    )
    cmd_options = _OPTIONS

    def _execute(self, *, provider: bool, as_json: bool, pos_args: list[str]) -> int:
        """Print what is found.

        Raises:
            InvalidCommand: If there are no units, or words that mean nothing here.

        Returns:
            1 if anything is wrong, else 0.
        """
        # imported here: doit loads every command of the environment at its start
        from pdd_tasks.errors import PddError
        from pdd_tasks.plugin.doctor.examination import examined
        from pdd_tasks.plugin.selection import project_of

        if pos_args:
            msg = f"doctor takes no {pos_args[0]!r}: it looks at all units"
            raise InvalidCommand(msg)
        with self._usage(PddError):
            found = examined(project_of(self.task_list), ask=provider)
        if as_json:
            text = json.dumps(found.value, indent=1, sort_keys=True)
        else:
            text = "\n".join(found.lines)
        self.outstream.write(self._said(f"{text}\n"))
        return int(bool(found.findings))
