"""``doit graph``: which unit needs which, and how each of them stands."""

from typing import Final

from doit.exceptions import InvalidCommand

from pdd_tasks.plugin.commands.command import ALL_AFFECTED, SELECTION, Command


_OPTIONS: Final = (
    ALL_AFFECTED,
    {
        "name": "form",
        "long": "format",
        "type": str,
        "default": "tree",
        "help": "tree, dot, mermaid, json or svg",
    },
    {
        "name": "file",
        "long": "out",
        "type": str,
        "default": "",
        "help": "write it into a file",
    },
    {
        "name": "everything",
        "long": "all-units",
        "type": bool,
        "default": False,
        "help": "show each unit, also where there are so many that folders are shown",
    },
)


class Graph(Command):
    """Show which unit needs which."""

    name = "graph"
    doc_purpose = "show which unit needs which, and how each of them stands"
    doc_usage = (
        "[SELECTION ...] [--format tree|dot|mermaid|json|svg] [--out FILE]"
        " [--all-affected] [--all-units]"
    )
    doc_description = f"{SELECTION} Nothing is locked, and nothing is written but FILE."
    cmd_options = _OPTIONS

    def _execute(
        self,
        *,
        all_affected: bool,
        form: str,
        file: str,
        everything: bool,
        pos_args: list[str],
    ) -> int:
        """Print the graph, or write it into a file.

        Raises:
            InvalidCommand: If a word selects no unit, there is no such form, or the
                file cannot be written.

        Returns:
            0.
        """
        # imported here: doit loads every command of the environment at its start
        from pathlib import Path

        from pdd_tasks.errors import PddError
        from pdd_tasks.plugin.selection import project_of, selected
        from pdd_tasks.plugin.unit_graph import shown, unit_graph

        with self._usage(PddError):
            project = project_of(self.task_list)
            units = selected(project, *pos_args, all_affected=all_affected)
            text = shown(unit_graph(project, units), form, everything=everything)
        if not file:
            self.outstream.write(self._said(text))
            return 0
        try:
            Path(file).write_text(self._said(text), encoding="utf-8")
        except OSError as error:
            msg = f"--out {file}: it cannot be written: {error.strerror}"
            raise InvalidCommand(self._said(msg)) from None
        return 0
