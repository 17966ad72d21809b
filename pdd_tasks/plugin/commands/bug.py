"""``doit bug``: a described bug becomes a failing test that stays."""

import sys
from typing import Final

from pdd_tasks.plugin.commands.command import Command


_OPTIONS: Final = (
    {
        "name": "fix",
        "long": "fix",
        "type": bool,
        "default": False,
        "help": "go on with a sync of the unit, which fixes the code",
    },
)


class Bug(Command):
    """Turn a described bug into a failing test."""

    name = "bug"
    doc_purpose = "turn a described bug into a failing test that stays"
    doc_usage = '[--fix] UNIT "WHAT IS WRONG, WHAT WAS EXPECTED"'
    doc_description = (
        "A model writes one test. It is added if it fails by what the code does, in"
        " the same way each time; the code is not touched. A description that the"
        " prompt contradicts ends with exit code 4, one of what is right already"
        " with 1."
    )
    cmd_options = _OPTIONS

    def _execute(self, *, fix: bool, pos_args: list[str]) -> int:
        """Add the test, and tell people.

        Raises:
            InvalidCommand: If no one unit is named, or nothing is described.

        Returns:
            0, or the exit code of what failed.
        """
        # imported here: doit loads every command of the environment at its start
        from pdd_tasks.errors import ConfigError, ExitCode
        from pdd_tasks.plugin.bug import described, the_unit, told
        from pdd_tasks.plugin.door import command_variables
        from pdd_tasks.plugin.selection import project_of

        with self._usage(ConfigError):
            typed = sys.argv[sys.argv.index(self.name) + 1 :]
            word, text = described(pos_args, command_variables(), typed)
            project = project_of(self.task_list)
            unit = the_unit(project, word)
        try:
            lines, failure = told(project, unit, text, fix=fix)
        except KeyboardInterrupt:
            sys.stderr.write("interrupted: nothing was added that is not whole\n")
            return int(ExitCode.INTERRUPTED)
        said = project.redaction.said
        self.outstream.write(said("".join(f"{line}\n" for line in lines)))
        if failure is None:
            return 0
        sys.stderr.write(said(f"{failure}\n"))
        return int(failure.exit_code)
