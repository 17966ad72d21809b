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
    {
        "name": "dry_run",
        "long": "dry-run",
        "type": bool,
        "default": False,
        "help": "gc: show what would go and why, even with --yes",
    },
    {
        "name": "fix",
        "long": "fix",
        "type": bool,
        "default": False,
        "help": "verify: settle what can be settled, put the rest into quarantine",
    },
    AS_JSON,
)
_WORDS: Final = ("size", "gc", "verify", "stats")


class Cache(Command):
    """Show the local state, look through replies, and remove what nothing needs."""

    name = "cache"
    doc_purpose = "show how large .pdd is, and remove what nothing needs"
    doc_usage = (
        "size | stats | verify [--fix] | gc [--yes] [--replies [--days N]] [--json]"
    )
    doc_description = (
        "gc finds baselines that no fingerprint names, safety copies and parked files"
        " that are old, requests to people that were answered, and what was left by"
        " runs that were cut off. It removes nothing without --yes. verify looks"
        " through all recorded replies and exits with 1 if one is broken; stats counts"
        " them, how often they were found, and what that saved."
    )
    cmd_options = _OPTIONS

    def _execute(  # noqa: PLR0913 - doit hands over each option by its name
        self,
        *,
        yes: bool,
        dry_run: bool,
        replies: bool,
        fix: bool,
        days: int,
        as_json: bool,
        pos_args: list[str],
    ) -> int:
        """Show, look through, or remove.

        Raises:
            InvalidCommand: If the words are not those of the usage.

        Returns:
            0; 1 if replies are broken; or the exit code of what refused.
        """
        # imported here: doit loads every command of the environment at its start
        from pdd_tasks.errors import ConfigError, PddError
        from pdd_tasks.plugin.cache import done
        from pdd_tasks.plugin.collection import Wish
        from pdd_tasks.plugin.selection import project_of

        if len(pos_args) != 1 or pos_args[0] not in _WORDS or days < 1:
            msg = f"doit cache wants one word, {', '.join(_WORDS)}, and --days from 1"
            raise InvalidCommand(msg)
        wish = Wish(remove=yes and not dry_run, replies_days=days if replies else None)
        try:
            with self._usage(ConfigError):
                project = project_of(self.task_list)
                found, code = done(project, pos_args[0], wish, fix=fix)
        except PddError as error:
            sys.stderr.write(self._said(f"{error}\n"))
            return int(error.exit_code)
        self.outstream.write(self._said(found.text(as_json=as_json)))
        return code
