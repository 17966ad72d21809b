"""``doit completion``: what makes a shell complete units, steps and selectors."""

import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from doit.cmd_base import DoitCmdBase
from doit.exceptions import InvalidCommand, InvalidDodoFile, InvalidTask

from pdd_tasks.plugin.commands.command import Command


if TYPE_CHECKING:
    from pdd_tasks.plugin.completion import Known, Word


SHELLS: Final = ("bash", "zsh", "fish")
LINE: Final = "DOIT_COMPLETE_LINE"
"""The variable in which a shell's script hands over the line up to the cursor."""

_WORDS: Final = "words"


class Completion(Command):
    """Print the script of a shell, or the words that it may complete."""

    name = "completion"
    doc_purpose = "print a script by which a shell completes units and options"
    doc_usage = "bash|zsh|fish"
    doc_description = (
        "Load it in the file that your shell reads at its start: `source <(doit"
        " completion bash)`, the same for zsh after compinit, or `doit completion fish"
        " | source`. Commands, options, tasks, units, steps, selectors and settings"
        " are completed, for doit and for pdd-tasks."
    )

    task_list: Any  # doit's base class sets it
    _commands: Any  # doit's dictionary of all commands

    def __init__(
        self, task_loader: object, cmds: object = None, **kwargs: object
    ) -> None:
        super().__init__(task_loader, cmds=cmds, **kwargs)
        self._commands, self._given = cmds, kwargs

    def execute(self, params: Mapping[str, Any], args: list[str]) -> int | None:
        """Print what was asked for; a script needs no project.

        Raises:
            InvalidCommand: If it is not one shell.

        Returns:
            0.
        """
        if args == [_WORDS]:
            return self._complete(params)
        if len(args) != 1 or args[0] not in SHELLS:
            msg = f"doit completion wants one word, {', '.join(SHELLS)}"
            raise InvalidCommand(msg)
        from pathlib import Path

        shells = Path(__file__).parents[1] / "shells"
        script = shells / f"completion.{args[0]}"
        self.outstream.write(script.read_text(encoding="utf-8"))
        return 0

    def _complete(self, params: Mapping[str, Any]) -> int:
        """Print words; where no project can be loaded, those that need none.

        Returns:
            0.
        """
        from pdd_tasks.errors import PddError

        try:
            super().execute(params, [])
        except (InvalidCommand, InvalidDodoFile, InvalidTask, PddError):
            self.task_list = []
            self._execute(pos_args=[])
        return 0

    def _execute(self, *, pos_args: list[str]) -> int:
        """Print the words for the line that the shell handed over.

        Returns:
            0.
        """
        from pdd_tasks.plugin.completion import completed

        del pos_args
        line = os.environ.get(LINE, "doit ")
        for word in completed(line, self._known()):
            about = " ".join(word.about.split())
            self.outstream.write(f"{word.text}\t{about}\n")
        return 0

    def _known(self) -> "Known":
        from pdd_tasks.plugin.completion import Command as Form
        from pdd_tasks.plugin.completion import Known, Word

        forms = {}
        for name, kind in sorted(self._commands.to_dict().items()):
            made = kind(task_loader=self.loader, cmds=self._commands, **self._given)
            forms[name] = Form(
                about=made.doc_purpose,
                usage=made.doc_usage,
                options=tuple(_options(made)),
            )
        tasks = [task for task in self.task_list if ":" not in task.name]
        return Known(
            commands=forms,
            units=tuple(self._units()),
            tasks=tuple(
                Word(task.name, task.doc or "")
                for task in tasks
                if not task.name.startswith("_")
            ),
        )

    def _units(self) -> "Iterator[Word]":
        from pdd_tasks.errors import ConfigError
        from pdd_tasks.plugin.completion import Word
        from pdd_tasks.plugin.selection import project_of

        try:
            units = project_of(self.task_list).units
        except ConfigError:
            return
        names = sorted(str(unit.id) for unit in units)
        basenames = {unit.id.basename for unit in units} - set(names)
        yield from (Word(name, "a unit") for name in names)
        yield from (Word(name, "all its languages") for name in sorted(basenames))


def _options(command: DoitCmdBase) -> "Iterator[Word]":
    from pdd_tasks.plugin.completion import Word

    for option in command.get_options():
        if option.long:
            mark = "" if option.type is bool else "="
            yield Word(f"--{option.long}{mark}", option.help % {"default": ""})
        if option.inverse:
            yield Word(f"--{option.inverse}", f"opposite of --{option.long}")
