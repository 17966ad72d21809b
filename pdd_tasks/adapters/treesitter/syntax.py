"""Reads a language by its grammar: one face over the files that know trees.

They are imported when they are asked: a run that finds nothing to do asks none, and
a grammar that is not installed is missed when it is needed.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

from pdd_tasks.core.merge.accumulated import Accumulated
from pdd_tasks.core.plan.interface_change import Shown
from pdd_tasks.core.prompt.elision import is_elision
from pdd_tasks.errors import ConfigError


if TYPE_CHECKING:
    from tree_sitter import Node

    from pdd_tasks.adapters.treesitter.dialect import Dialect


DIALECTS: Final = (
    *("bash", "c", "cpp", "go", "java"),
    *("javascript", "javascriptreact", "rust", "typescript", "typescriptreact"),
)
"""What `syntax:` in ``languages.yaml`` may name, each a module of `dialects`."""

_SHOWN: Final = 80


class TreeSitterSyntax:
    """What can be read from the text of a program; nothing is run."""

    def __init__(self, name: str) -> None:
        """Name the language.

        Args:
            name: One of `DIALECTS`.
        """
        self._name = name

    def problem(self, text: str) -> str | None:
        """Return why a text does not parse, ``line 3: …``; None if it does."""
        from pdd_tasks.adapters.treesitter.tree import problem_in

        return problem_in(self._root(text))

    def elision(self, text: str) -> str | None:
        """Return the first place where code was left out; None if none was."""
        for row, line in self._comments(text):
            if is_elision(line):
                return f'line {row}: "{line.strip()[:_SHOWN]}"'
        return None

    def public_names(self, text: str) -> frozenset[str]:
        """Return the names that other programs may use; none if it does not parse."""
        from pdd_tasks.adapters.treesitter.interface import public_names

        root = self._root(text)
        return frozenset() if root.has_error else public_names(root, self._dialect)

    def used_names(self, text: str) -> frozenset[str]:
        """Return every name and attribute a program mentions."""
        from pdd_tasks.adapters.treesitter.dialect import identifiers

        return identifiers(self._root(text))

    def interface(self, text: str) -> str:
        """Return the public interface; the text itself if it does not parse."""
        from pdd_tasks.adapters.treesitter.interface import interface

        root = self._root(text)
        return text if root.has_error else interface(root, self._dialect)

    def shown(self, text: str) -> Shown:
        """Return what a program shows of what it uses; itself if it does not parse."""
        from pdd_tasks.adapters.treesitter.shown import shown

        root = self._root(text)
        if root.has_error:
            return Shown(shape=text, forms={})
        return shown(root, self._dialect)

    def definitions(self, text: str) -> Mapping[str, str]:
        """Return qualified name → what a definition says, without layout."""
        from pdd_tasks.adapters.treesitter.structure import TreeSitterStructure

        return TreeSitterStructure(self._dialect.grammar).definitions(text)

    def behaviour(self, text: str) -> str:
        """Return what runs: the text without comments and layout."""
        from pdd_tasks.adapters.treesitter.dialect import dumped

        return dumped(self._root(text))

    def imports(self, text: str) -> tuple[str, ...]:
        """Return what a program imports, as it is written there, each once."""
        return tuple(dict.fromkeys(self._dialect.modules(self._root(text))))

    def tests(self, text: str) -> Mapping[str, str]:
        """Return test id → body without layout, in the order of the file."""
        from pdd_tasks.adapters.treesitter.tests import tests

        root = self._root(text)
        return {} if root.has_error else tests(root, self._dialect)

    def accumulated(
        self, old: str, new: str, around: Sequence[str] = ()
    ) -> Accumulated:
        """Return the old tests with the new ones added; no old one is changed."""
        from pdd_tasks.adapters.treesitter.accumulation import accumulated

        del around  # what pytest's tests may ask for without importing it
        return accumulated(old, new, self._dialect)

    def with_comment(self, text: str, test: str, lines: Sequence[str]) -> str:
        """Return a test file with comment lines right above one of its tests."""
        from pdd_tasks.adapters.treesitter.tests import with_comment

        return with_comment(text, self._root(text), self._dialect, test, lines)

    def without_tests(self, text: str, ids: Collection[str]) -> str:
        """Return a test file less some tests; all other lines stay."""
        from pdd_tasks.adapters.treesitter.tests import without_tests

        return without_tests(text, self._root(text), self._dialect, ids)

    def _comments(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield the lines of comments, each with its number; all if nothing parses."""
        from pdd_tasks.adapters.treesitter.dialect import is_comment, walk

        root = self._root(text)
        if root.has_error:
            yield from enumerate(text.split("\n"), 1)
            return
        for node in walk(root):
            if is_comment(node) and not node.child_count:
                said = (node.text or b"").decode()
                yield from enumerate(said.split("\n"), node.start_point.row + 1)

    def _root(self, text: str) -> "Node":
        from pdd_tasks.adapters.treesitter.tree import root_of

        return root_of(text, self._dialect)

    @cached_property
    def _dialect(self) -> "Dialect":
        """The tables of the language.

        Raises:
            ConfigError: If its grammar, or tree-sitter itself, is not installed.
        """
        try:
            from pdd_tasks.adapters.treesitter.dialects import dialect_of
        except ImportError:
            msg = f"{self._name} is read by tree-sitter, which is not installed"
            hint = "pip install 'pdd-tasks[languages]'"
            raise ConfigError(msg, hint=hint) from None
        return dialect_of(self._name)
