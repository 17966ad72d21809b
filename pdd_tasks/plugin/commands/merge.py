"""``doit merge``: show conflicts, and record what a person chooses."""

import sys
from typing import Final

from pdd_tasks.plugin.commands.command import Command


_OPTIONS: Final = (
    {
        "name": "mine",
        "long": "mine",
        "type": bool,
        "default": False,
        "help": "without asking: keep your text",
    },
    {
        "name": "generated",
        "long": "generated",
        "type": bool,
        "default": False,
        "help": "without asking: take the generated text",
    },
    {
        "name": "file",
        "long": "from",
        "type": str,
        "default": "",
        "help": "without asking: take the text of a file, `--from FILE`",
    },
    {
        "name": "resume",
        "long": "continue",
        "type": bool,
        "default": False,
        "help": "take the conflict file that you edited",
    },
    {
        "name": "screen",
        "long": "tui",
        "type": bool,
        "default": False,
        "help": "ask on a full screen (needs pdd-tasks[tui])",
    },
    {
        "name": "prompt",
        "long": "keys",
        "type": bool,
        "default": False,
        "help": "read keys from standard input also where it is no terminal",
    },
    {
        "name": "everything",
        "long": "all",
        "type": bool,
        "default": False,
        "help": "ask also about what one side alone changed",
    },
)


class Merge(Command):
    """Show conflicts, and record what a person chooses."""

    name = "merge"
    doc_purpose = "choose between your edit of generated code and the code made anew"
    doc_usage = (
        "[UNIT ...] [--tui] [--all] [--mine | --generated | --from FILE | --continue]"
    )
    doc_description = (
        "Hunk by hunk, with the prompt's change and the tests beside it. Nothing is"
        " written before you save. Where there is no terminal, a conflict file is"
        " written beside the code, to be edited and taken with --continue."
    )
    cmd_options = _OPTIONS

    def _execute(  # noqa: PLR0913 - doit passes options by name
        self,
        *,
        mine: bool,
        generated: bool,
        file: str,
        resume: bool,
        screen: bool,
        prompt: bool,
        everything: bool,
        pos_args: list[str],
    ) -> int:
        """Ask, or take what was chosen.

        Raises:
            InvalidCommand: If a word selects no unit, or options do not go together.

        Returns:
            0 if nothing waits any more, else the exit code that says why.
        """
        # imported here: doit loads every command of the environment at its start
        from pdd_tasks.adapters.process_groups import end_all
        from pdd_tasks.errors import ConfigError, ExitCode, PddError
        from pdd_tasks.plugin.choosing import chosen
        from pdd_tasks.plugin.selection import project_of
        from pdd_tasks.plugin.wizard.face import Mode

        mode = Mode(
            mine=mine,
            generated=generated,
            file=file,
            resume=resume,
            screen=screen,
            prompt=prompt,
            everything=everything,
        )
        try:
            with self._usage(ConfigError):
                done = chosen(project_of(self.task_list), pos_args, mode)
        except PddError as error:
            sys.stderr.write(self._said(f"{error}\n"))
            return int(error.exit_code)
        except KeyboardInterrupt:
            end_all()
            sys.stderr.write("\nleft as it was; nothing was written\n")
            return int(ExitCode.INTERRUPTED)
        self.outstream.write("".join(f"{line}\n" for line in done.lines))
        return int(ExitCode.CONFLICT if done.is_waiting else ExitCode.IN_SYNC)
