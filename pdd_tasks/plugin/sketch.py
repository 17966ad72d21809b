"""The units of a state root as names and paths in text, before any of them is made.

A command that names a unit must know the names and files of all others, and most of
them it needs for nothing else. Rule 1: a sketch is only drawn where the same settings
hold for all prompts and every place is a folder. Rule 2: it finds every collision that
`discover` refuses, and tells of none: whatever is not plain has no sketch, and is
discovered as a whole.
"""

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.language import Language
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.plugin.config import Places
from pdd_tasks.plugin.discover import (
    FORBIDDEN,
    SUFFIX,
    TEMPLATE,
    StateRoot,
    check_order,
    found_in,
    owner_of,
)
from pdd_tasks.plugin.lookup import Lookup
from pdd_tasks.plugin.place import plain_folder
from pdd_tasks.plugin.state_root import prompts


_NAME: Final = "{name}"


class _Row(NamedTuple):
    """One unit."""

    base: str
    language: str
    folder: PurePosixPath
    below: str


class NotPlainError(Exception):
    """It takes all of `discover`."""


class _Form(NamedTuple):
    """How the files of one kind are called, of all units of a language."""

    start: str
    before: str
    after: str

    def of(self, rows: Iterable[_Row]) -> list[str]:
        """Return the files of units."""
        start, before, after = self
        if before:
            return [
                f"{start}{folder}{slash}{before}{leaf}{after}"
                for folder, slash, leaf in (row.base.rpartition("/") for row in rows)
            ]
        return [f"{start}{row.base}{after}" for row in rows]


class Sketch:
    """The units of one state root.

    Attributes:
        label: The state root, relative to the folder doit runs in.
    """

    def __init__(self, state: StateRoot) -> None:
        """Look at the folders of a state root.

        Raises:
            ConfigError: If a folder cannot be read.
            NotPlainError: If its units are not plain.
        """
        self._state, self.label = state, state.label
        self._rows = list(_rows(state))
        self._made: dict[int, DevUnit] = {}
        self.basenames = [row.base for row in self._rows]
        self.names = [f"{row.base}_{row.language}" for row in self._rows]
        self.prompts = [f"{row.folder}/{row.below}" for row in self._rows]
        self.code: list[tuple[str, int]] = []
        self.examples: list[tuple[str, int]] = []
        self.tests: list[tuple[str, int]] = []
        self.endings: set[str] = set()
        self._starts: set[str] = set()
        self._leaves: defaultdict[tuple[str, str], dict[str, int]] = defaultdict(dict)
        self._more: dict[int, list[str]] = {}
        self._files: list[list[str]] = [[] for _ in self._rows]
        self._import_roots: dict[str, PurePosixPath] = {}
        settings = state.settings(PurePosixPath("x"), "x")
        self._settings = settings.settings
        check_order(state, settings)
        for name in dict.fromkeys(row.language for row in self._rows):
            numbers = [n for n, row in enumerate(self._rows) if row.language == name]
            self._place(numbers, state.languages[name], settings.places)
        for path, number in chain(self.code, self.examples, self.tests):
            self._files[number].append(path)
        self._add_more()
        tops = {row.folder for row in self._rows}
        _check_inside(state.root, self._folders(map(str, tops)))

    @cached_property
    def by_id(self) -> Lookup[str]:
        """Unit id → the units that have it."""
        return Lookup(self.unit, str, _numbered(self.names))

    @cached_property
    def by_basename(self) -> Lookup[str]:
        """Basename → its units, one for each language."""
        return Lookup(self.unit, str, _numbered(self.basenames))

    @cached_property
    def by_code(self) -> Lookup[str]:
        """Path of a code file → the units that write it."""
        return Lookup(self.unit, str, self.code)

    @cached_property
    def by_example(self) -> Lookup[PurePosixPath]:
        """Path of an example → the units that write it."""
        return Lookup(self.unit, PurePosixPath, self.examples)

    @cached_property
    def by_file(self) -> Lookup[PurePosixPath]:
        """Path of code, example or tests → the units that write it."""
        every = (self.examples, self.code, self.tests)
        return Lookup(self.unit, PurePosixPath, *every)

    @property
    def files(self) -> list[str]:
        """All files that units claim."""
        kinds = (self.code, self.examples, self.tests)
        return [*self.prompts, *(path for kind in kinds for path, _ in kind)]

    def unit(self, number: int) -> DevUnit:
        """Return one of the units."""
        if number not in self._made:
            row = self._rows[number]
            self._made[number] = DevUnit(
                id=UnitId(row.base, row.language),
                root=self.label,
                prompt=PurePosixPath(self.prompts[number]),
                code=tuple(map(PurePosixPath, self._files[number][:-2])),
                import_root=self._import_root(row),
                example=PurePosixPath(self._files[number][-2]),
                test=PurePosixPath(self._files[number][-1]),
                more_tests=tuple(map(PurePosixPath, self._more.get(number, ()))),
                language=self._state.languages[row.language],
                settings=self._settings,
            )
        return self._made[number]

    def units(self) -> tuple[DevUnit, ...]:
        """Return all units, sorted by id."""
        numbers = range(len(self._rows))
        return tuple(sorted(map(self.unit, numbers), key=lambda unit: unit.id))

    def _import_root(self, row: _Row) -> PurePosixPath:
        """Return the folder that programs import code from; one for a language."""
        if row.language not in self._import_roots:
            one = found_in(self._state, row.folder / row.below, row.below)
            self._import_roots[row.language] = one.layout.import_root
        return self._import_roots[row.language]

    def _place(self, numbers: list[int], language: Language, places: Places) -> None:
        """Add the files of all units of a language.

        Raises:
            NotPlainError: If they are not plain.
        """
        rows = [self._rows[number] for number in numbers]
        ext, *others = language.extensions
        if not ext or "." in ext:
            raise NotPlainError
        for one in (ext, *others):
            form = self._form(places.code, ext, f"{_NAME}.{one}")
            self.code += zip(form.of(rows), numbers, strict=True)
            self.endings.add(f".{one.rpartition('.')[2]}")
        example = language.example_file or f"{_NAME}_example.{ext}"
        form = self._form(places.example, ext, example)
        self.examples += zip(form.of(rows), numbers, strict=True)
        pattern = language.test_file or f"test_{_NAME}.{ext}"
        form = self._form(places.test, ext, pattern)
        self.tests += zip(form.of(rows), numbers, strict=True)
        for number, row in zip(numbers, rows, strict=True):
            end = row.base.rfind("/") + 1
            self._leaves[form.start + row.base[:end], pattern][row.base[end:]] = number

    def _form(self, place: str, ext: str, file: str) -> _Form:
        """Return how the files in a place are called.

        Raises:
            NotPlainError: If the place is no folder.
        """
        folder = plain_folder(place, ext)
        if folder is None or file.count(_NAME) != 1 or "/" in file:
            raise NotPlainError
        self._starts.add(str(folder))
        before, _, after = file.partition(_NAME)
        return _Form("" if str(folder) == "." else f"{folder}/", before, after)

    def _add_more(self) -> None:
        """Add further test files, each to the longest name that it fits."""
        main = {path for path, _ in self.tests}
        for (folder, pattern), leaves in self._leaves.items():
            top = f"{self._state.root}/{folder}"
            start, _, end = pattern.partition(_NAME)
            known = {f"{start}{leaf}{end}" for leaf in leaves}
            for name in sorted(_listed(top) - known):
                leaf = owner_of(name, pattern, leaves)
                path = f"{folder}{name}"
                if leaf and path not in main and os.path.isfile(top + name):  # noqa: PTH113
                    self._more.setdefault(leaves[leaf], []).append(path)
                    self.tests.append((path, leaves[leaf]))

    def _folders(self, prompts_folders: Iterable[str]) -> set[str]:
        """Return the folders of all files."""
        inner = {base.rpartition("/")[0] for base in self.basenames if "/" in base}
        starts = {*prompts_folders, *self._starts}
        return {f"{start}/{one}" for start in starts for one in (*inner, "")}


def _rows(state: StateRoot) -> Iterator[_Row]:
    """Yield the units of a state root.

    Raises:
        ConfigError: If a folder cannot be read.
        NotPlainError: If a name is not plain.
    """
    languages, bases = state.languages, []
    for folder in state.configuration.prompts_folders():
        for below in prompts(state.root, state.label, folder):
            base, mark, suffix = below[: -len(SUFFIX)].rpartition("_")
            language = suffix if suffix in languages else suffix.lower()
            if mark and suffix == TEMPLATE:
                continue
            if language not in languages or not base or base[-1] == "/":
                raise NotPlainError
            bases.append(base)
            yield _Row(base, language, folder, below)
    if FORBIDDEN.search(" ".join(bases)) or any(base[0] == "-" for base in bases):
        raise NotPlainError


def _listed(folder: str) -> set[str]:
    try:
        return set(os.listdir(folder))  # noqa: PTH208 - paths of all would cost too much
    except OSError:
        return set()  # no tests yet; a folder that cannot be read fails when it is


def _check_inside(root: Path, folders: Iterable[str]) -> None:
    top = os.path.realpath(root)
    for folder in folders:
        real = os.path.realpath(root / folder)
        if real != top and not real.startswith(top.rstrip(os.sep) + os.sep):
            raise NotPlainError


def check_claims(sketches: Collection[Sketch]) -> None:
    """Refuse units of which two claim one name or one file, as `claim` does.

    Raises:
        NotPlainError: If there are two.
    """
    names = _folded(name for one in sketches for name in one.names)
    bases = _folded(base for one in sketches for base in one.basenames)
    files = _folded(path for one in sketches for path in _placed(one))
    known = set(names)
    if len(known) < len(names) or len(set(files)) < len(files):
        raise NotPlainError
    if not known.isdisjoint(bases):
        raise NotPlainError


def _placed(sketch: Sketch) -> Iterable[str]:
    if str(sketch.label) == ".":
        return sketch.files
    return [f"{sketch.label}/{path}" for path in sketch.files]


def _folded(texts: Iterable[str]) -> list[str]:
    """Return texts as file systems may know them that do not tell letters by case."""
    joined = "\0".join(texts)
    return joined.casefold().split("\0") if joined else []


def _numbered(texts: Iterable[str]) -> Iterator[tuple[str, int]]:
    return ((text, number) for number, text in enumerate(texts))
