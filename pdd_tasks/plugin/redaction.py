"""What this process keeps secret, and the one way in which it says and writes things.

Secrets come from the environment, the command line, ``.env`` files and ``.pddrc``.
They are gathered when the first text is redacted, so that a run that finds nothing to
do gathers none.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pdd_tasks.adapters.mark_key import MarkKey


if TYPE_CHECKING:  # in signatures alone, and it takes long to load
    from pdd_tasks.core.prompt.redact import Redactor


_SAMPLES: Final = (".example", ".sample", ".template", ".dist")
_LARGEST: Final = 1_000_000  # bytes; a larger .env is none


class Redaction:
    """Redacts what is said and written for some projects.

    Attributes:
        folders: Where ``.env`` files and ``.pddrc`` are looked for, the first one's
            key is that of marks on the terminal.
    """

    def __init__(
        self,
        folders: Iterable[Path],
        variables: Mapping[str, str],
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self.folders = list(dict.fromkeys(folders))
        self._variables = variables
        self._environment = environment
        self._lock = threading.Lock()
        self._keys: dict[Path, MarkKey] = {}

    def said(self, text: str) -> str:
        """Return a text as it may be shown; writes nothing."""
        first = self.folders[0] if self.folders else Path()
        return self._redactor(self._key(first).shown).text(text)

    def telling(self, say: Callable[[str], None]) -> Callable[[str], None]:
        """Return what says lines after they were redacted."""
        return lambda line: say(self.said(line))

    def redactor(self, root: Path) -> Redactor:
        """Return what redacts texts in the files of a project."""
        return self._redactor(self._key(root).kept)

    def written(self, root: Path) -> Callable[[str], str]:
        """Return what redacts one text in a file of a project; gathers nothing yet."""
        return lambda text: self.redactor(root).text(text)

    def _redactor(self, key: Callable[[], bytes]) -> Redactor:
        from pdd_tasks.core.prompt.redact import Redactor

        with self._lock:
            known = self._known
        return Redactor(known.forms, known.clues, key)

    def _key(self, root: Path) -> MarkKey:
        with self._lock:
            return self._keys.setdefault(root, MarkKey(root))

    @cached_property
    def _known(self) -> Redactor:
        from pdd_tasks.core.prompt.redact import Redactor
        from pdd_tasks.core.prompt.secret import secrets_of

        named = {**self._variables, **self._environment}
        both = [*secrets_of(named).items(), *secrets_of(self._variables).items()]
        return Redactor.of([*both, *self._in_files()])

    def _in_files(self) -> Iterator[tuple[str, str]]:
        from pdd_tasks.core.prompt.dotenv import dotenv_secrets
        from pdd_tasks.core.prompt.secret import secrets_in_settings

        for folder in self.folders:
            for path in sorted(folder.glob(".env*")):
                if path.suffix not in _SAMPLES:
                    yield from dotenv_secrets(_text(path))
            for name in (".pddrc", "languages.yaml"):
                yield from secrets_in_settings(_text(folder / name))


def folders_of(top: Path, roots: Iterable[str]) -> tuple[Path, ...]:
    """Return the folders that may hold secrets when nobody knows the units yet.

    Args:
        top: The folder doit runs in.
        roots: Folders, or globs of folders, below it.
    """
    globs = [root for root in roots if any(mark in root for mark in "*?[")]
    found = [path for root in globs for path in top.glob(root) if path.is_dir()]
    return (top, *(top / root for root in roots if root not in globs), *sorted(found))


def _text(path: Path) -> str:
    """Return a small file's text; empty if there is none that can be read."""
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return ""
        return path.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""
