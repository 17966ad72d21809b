"""What our commands share: options behind other words, refusals, words for people."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from doit.cmd_base import DoitCmdBase
from doit.doit_cmd import set_var
from doit.exceptions import InvalidCommand


AS_JSON: Final[Mapping[str, object]] = {
    "name": "as_json",
    "long": "json",
    "type": bool,
    "default": False,
    "help": "print one JSON object instead of lines",
}

ALL_AFFECTED: Final[Mapping[str, object]] = {
    "name": "all_affected",
    "long": "all-affected",
    "type": bool,
    "default": False,
    "help": "with all that depends on what is selected",
}

SELECTION: Final = (
    "SELECTION is a unit, a basename or a task, also as +NAME (with what it needs),"
    " NAME+ (with what depends on it), @NAME (both ways), a pattern with *,"
    " state:stale, result:failed or affected:REVISION."
)
"""What may be selected, for the help of a command."""


class Command(DoitCmdBase):
    """A command of ours; doit itself wants options in front of all other words.

    Attributes:
        builds_tasks: False, since our commands look at units and not at their tasks.
        looks_at_named: True if a command looks at no other units than those named.
    """

    builds_tasks = False
    looks_at_named = False
    loader: Any  # doit's base class sets it

    def execute(self, params: Mapping[str, Any], args: list[str]) -> int | None:
        """Find the project from a subfolder, too, and run the command.

        Returns:
            What the command returns; 2 if nobody reads all of what it says, as where
            it stands before `head`.
        """
        # imported here: doit loads every command of the environment at its start
        from pdd_tasks.plugin.loader import serving

        self.loader = serving(self.loader, params)
        try:
            code: int | None = super().execute(params, args)
            self.outstream.flush()
        except BrokenPipeError:
            from pdd_tasks.plugin.progress import turn_away

            turn_away(self.outstream)
            return 2
        return code

    def _said(self, text: object) -> str:
        """Return a text for people, without secrets."""
        from pdd_tasks.plugin.tasks import redaction_of

        return redaction_of(self.task_list).said(str(text))

    @contextmanager
    def _usage(self, kind: type[Exception]) -> Iterator[None]:
        """Refuse the command as doit refuses one that is typed wrongly.

        Args:
            kind: The errors that mean so.

        Yields:
            Nothing.

        Raises:
            InvalidCommand: If there is one inside.
        """
        try:
            yield
        except kind as error:
            raise InvalidCommand(self._said(error)) from None

    def parse_execute(self, in_args: list[str]) -> int | None:
        """Take our options behind other words, too.

        Returns:
            What the command returns.
        """
        words = options_first(settings_taken(in_args), self.cmd_options)
        code: int | None = super().parse_execute(words)
        return code


def settings_taken(words: Iterable[str]) -> list[str]:
    """Take settings that are given as options, as a sync has them as variables.

    Args:
        words: What was typed behind the command's name; ``--profile quick`` and
            ``--profile=quick`` are taken as ``profile=quick``.

    Returns:
        The other words.
    """
    left: list[str] = []
    rest = iter(words)
    for word in rest:
        name, given, value = word.partition("=")
        if name != "--profile":
            left.append(word)
        elif given or (value := next(rest, "")):
            set_var("profile", value)
        else:
            left.append(word)
    return left


def options_first(
    words: Iterable[str], options: Iterable[Mapping[str, object]]
) -> list[str]:
    """Return words with the options of a command in front, otherwise in their order.

    A long one may be cut short, as long as it is clear which one it is.

    Args:
        words: What was typed behind the command's name.
        options: The command's options, as doit takes them.
    """
    forms = {
        f"{mark}{row[form]}": row
        for row in options
        for mark, form in (("--", "long"), ("--", "inverse"), ("-", "short"))
        if row.get(form)
    }
    ours: list[str] = []
    others: list[str] = []
    rest = iter(words)
    for word in rest:
        row = _meant(word.partition("=")[0], forms)
        (others if row is None else ours).append(word)
        if row is not None and row["type"] is not bool and "=" not in word:
            ours += [value for value in [next(rest, None)] if value is not None]
    return ours + others


def _meant(
    name: str, forms: Mapping[str, Mapping[str, object]]
) -> Mapping[str, object] | None:
    """Return the option that a word means, as getopt takes it; None if it is none."""
    if name in forms or not name.startswith("--"):
        return forms.get(name)
    like = [row for form, row in forms.items() if form.startswith(name)]
    return like[0] if len(like) == 1 and len(name) > len("--") else None
