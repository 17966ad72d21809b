"""Reads Python: one face over the files that know its tree.

They are imported when they are asked: a run that finds nothing to do asks none.
"""

from collections.abc import Collection, Mapping, Sequence

from pdd_tasks.core.merge.accumulated import Accumulated


class PythonSyntax:
    """What can be read from the text of a Python program; nothing is run."""

    def problem(self, text: str) -> str | None:
        """Return why a text does not parse, ``line 3: …``; None if it does."""
        from pdd_tasks.adapters.python import tree

        found = tree.parsed(text)
        return found if isinstance(found, str) else None

    def elision(self, text: str) -> str | None:
        """Return the first place where code was left out; None if none was."""
        from pdd_tasks.adapters.python import elision

        return elision.elision(text)

    def public_names(self, text: str) -> frozenset[str]:
        """Return the names that other programs may use."""
        from pdd_tasks.adapters.python import interface

        return interface.public_names(text)

    def used_names(self, text: str) -> frozenset[str]:
        """Return every name and attribute a program mentions."""
        from pdd_tasks.adapters.python import tree

        return tree.used_names(text)

    def interface(self, text: str) -> str:
        """Return the public interface: names and signatures, no bodies or prose."""
        from pdd_tasks.adapters.python import interface

        return interface.interface(text)

    def definitions(self, text: str) -> Mapping[str, str]:
        """Return qualified name → what a definition says, without layout."""
        from pdd_tasks.adapters.python import symbols

        return symbols.definitions(text)

    def behaviour(self, text: str) -> str:
        """Return what runs: the text without comments, docstrings and layout."""
        from pdd_tasks.adapters.python import tree

        return tree.behaviour(text)

    def imports(self, text: str) -> tuple[str, ...]:
        """Return the modules that a program imports, each once, in order."""
        from pdd_tasks.adapters.python import imports

        return imports.imports(text)

    def tests(self, text: str) -> Mapping[str, str]:
        """Return test id → body without layout, in the order of the file."""
        from pdd_tasks.adapters.python import tests

        return tests.tests(text)

    def accumulated(
        self, old: str, new: str, around: Sequence[str] = ()
    ) -> Accumulated:
        """Return the old tests with the new ones added; no old one is changed."""
        from pdd_tasks.adapters.python import accumulation

        return accumulation.accumulated(old, new, around)

    def with_comment(self, text: str, test: str, lines: Sequence[str]) -> str:
        """Return a test file with comment lines right above one of its tests."""
        from pdd_tasks.adapters.python import tests

        return tests.with_comment(text, test, lines)

    def without_tests(self, text: str, ids: Collection[str]) -> str:
        """Return a test file less some tests; all other lines stay."""
        from pdd_tasks.adapters.python import tests

        return tests.without_tests(text, ids)
