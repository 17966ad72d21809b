"""``doit cache``: how large the local state is, and what of it may go."""

import sys
from typing import Final

from doit.exceptions import InvalidCommand

from pdd_tasks.plugin.commands.command import AS_JSON, Command


_OPTIONS: Final = (
    {
        "name": "yes",
        "long": "yes",
        "type": bool,
        "default": False,
        "help": "gc: remove what is found; otherwise it is shown",
    },
    {
        "name": "replies",
        "long": "replies",
        "type": bool,
        "default": False,
        "help": "gc: old recorded replies that git ignores, too; then they cost again",
    },
    {
        "name": "days",
        "long": "days",
        "type": int,
        "default": 180,
        "help": "gc --replies: how many days a reply is kept",
    },
    AS_JSON,
)


class Cache(Command):
    """Show the local state, and remove what nothing needs."""

    name = "cache"
    doc_purpose = "show how large .pdd is, and remove what nothing needs"
    doc_usage = "size | gc [--yes] [--replies [--days N]] [--json]"
    doc_description = (
        "gc finds baselines that no fingerprint names, safety copies and parked files"
        " that are old, and what was left by runs that were cut off. It removes"
        " nothing without --yes."
    )
    cmd_options = _OPTIONS

    def _execute(
        self,
        *,
        yes: bool,
        replies: bool,
        days: int,
        as_json: bool,
        pos_args: list[str],
    ) -> int:
        """Show, or remove.

        Raises:
            InvalidCommand: If the words are not those of the usage.

        Returns:
            0, or the exit code of what refused.
        """
        # imported here: doit loads every command of the environment at its start
        from pdd_tasks.errors import ConfigError, PddError
        from pdd_tasks.plugin.collection import Wish, collected, measured
        from pdd_tasks.plugin.selection import project_of
        from pdd_tasks.plugin.tasks import redaction_of

        redact = redaction_of(self.task_list).said
        if pos_args not in (["gc"], ["size"]) or days < 1:
            msg = "doit cache wants one word, size or gc, and --days from 1"
            raise InvalidCommand(msg)
        wish = Wish(remove=yes, replies_days=days if replies else None)
        try:
            project = project_of(self.task_list)
            found = (
                measured(project) if pos_args == ["size"] else collected(project, wish)
            )
        except ConfigError as error:
            raise InvalidCommand(redact(str(error))) from None
        except PddError as error:
            sys.stderr.write(redact(f"{error}\n"))
            return int(error.exit_code)
        self.outstream.write(redact(found.text(as_json=as_json)))
        return 0
