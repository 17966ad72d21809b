"""``doit undo``: list safety copies, and put the files of one back."""

import sys
from typing import Final

from pdd_tasks.plugin.commands.command import AS_JSON, Command


_OPTIONS: Final = (
    {
        "name": "last",
        "long": "last",
        "type": bool,
        "default": False,
        "help": "put back the newest copy of the unit",
    },
    {
        "name": "diff",
        "long": "diff",
        "type": bool,
        "default": False,
        "help": "show what would change, and change nothing",
    },
    {
        "name": "dry_run",
        "short": "n",
        "long": "dry-run",
        "type": bool,
        "default": False,
        "help": "say which files would change, and change nothing",
    },
    AS_JSON,
)


class Undo(Command):
    """List safety copies, and put the files of one back."""

    name = "undo"
    doc_purpose = "list the safety copies of your files, and put one back"
    doc_usage = "[UNIT ...] [--last | ID ...] [--diff | -n] [--json]"
    doc_description = (
        "Without --last and ID it lists. Putting back replaces the files that the"
        " copy names, all or none, after a copy of what stands, so that it can be"
        " undone as well."
    )
    cmd_options = _OPTIONS

    def _execute(
        self,
        *,
        last: bool,
        diff: bool,
        dry_run: bool,
        as_json: bool,
        pos_args: list[str],
    ) -> int:
        """List, show or put back.

        Raises:
            InvalidCommand: If a word names neither a unit nor a copy.

        Returns:
            0, or the exit code of what refused.
        """
        # imported here: doit loads every command of the environment at its start
        from pdd_tasks.errors import ConfigError, PddError
        from pdd_tasks.plugin.selection import project_of
        from pdd_tasks.plugin.undoing import Mode, undone

        mode = Mode(last=last, diff=diff, dry_run=dry_run)
        try:
            with self._usage(ConfigError):
                said = undone(project_of(self.task_list), pos_args, mode)
        except PddError as error:
            sys.stderr.write(self._said(f"{error}\n"))
            return int(error.exit_code)
        self.outstream.write(said.text(as_json=as_json))
        return 0
