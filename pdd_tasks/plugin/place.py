"""Where the files of a unit lie, from its name and the configured places."""

import posixpath
from collections.abc import Callable
from functools import lru_cache
from pathlib import PurePosixPath
from typing import NamedTuple

from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.language import Language
from pdd_tasks.plugin.config import Places


class Spot(NamedTuple):
    """A file, and the folder it counts from: its own, less the basename's folders."""

    folder: PurePosixPath
    file: PurePosixPath


class Layout(NamedTuple):
    """The places of one unit.

    Attributes:
        code: Its code files; the first is the main one.
        tests_pattern: Name of its test file with ``{name}`` where the leaf stands.
    """

    code: tuple[PurePosixPath, ...]
    import_root: PurePosixPath
    example: PurePosixPath
    test: PurePosixPath
    tests_pattern: str


def layout(
    unit: UnitId,
    language: Language,
    places: Places,
    is_file: Callable[[PurePosixPath], bool],
) -> Layout:
    """Return where the files of a unit lie.

    Args:
        unit: Its name.
        language: Its language.
        places: Where files go, as configured.
        is_file: True if there is such a file below the state root.
    """
    ext = language.extensions[0]
    code = spot(places.code, unit, language, "{name}." + ext)
    example = language.example_file or "{name}_example." + ext
    test = language.test_file or "test_{name}." + ext
    test_spot = spot(places.test, unit, language, test)
    return Layout(
        (code.file, *(code.file.with_suffix("." + e) for e in language.extensions[1:])),
        _import_root(code.folder, ext, is_file),
        spot(places.example, unit, language, example).file,
        test_spot.file,
        test,
    )


def spot(place: str, unit: UnitId, language: Language, file: str) -> Spot:
    """Return the file that a place means for a unit.

    Args:
        place: A folder or a template; see `Places`.
        unit: The unit.
        language: Its language.
        file: Name of the file with ``{name}``, for a place that is a folder.
    """
    ext = language.extensions[0]
    folder = plain_folder(place, ext)
    if folder is not None:  # as most are: what is in it is joined as text
        category, slash, leaf = unit.basename.rpartition("/")
        name = file.replace("{name}", leaf)
        return Spot(folder, PurePosixPath(f"{folder}/{category}{slash}{name}"))
    filled = _filled(place, unit, ext)
    if PurePosixPath(filled).suffix == f".{ext}" and not filled.endswith("/"):
        path = PurePosixPath(posixpath.normpath(filled))
        return Spot(path.parent, path)
    folder = PurePosixPath(posixpath.normpath(filled))
    name = file.replace("{name}", unit.leaf)
    return Spot(folder, folder / name)


@lru_cache(maxsize=256)
def plain_folder(place: str, ext: str) -> PurePosixPath | None:
    """Return the folder that a place is for all units; None if it is another place."""
    plain = place.lstrip("/") or "."
    is_file = PurePosixPath(plain).suffix == f".{ext}"
    if "{" in place or plain.endswith("/") or is_file:
        return None
    return PurePosixPath(posixpath.normpath(plain))


def _filled(place: str, unit: UnitId, ext: str) -> str:
    category = unit.basename.rpartition("/")[0]
    values = {
        "name": unit.leaf,
        "category": category,
        "dir_prefix": f"{category}/" if category else "",
        "ext": ext,
        "language": unit.language,
    }
    for name, value in values.items():
        place = place.replace(f"{{{name}}}", value)
    # An empty category in front must not make the path absolute.
    return place.lstrip("/") or "."


def _import_root(
    folder: PurePosixPath, ext: str, is_file: Callable[[PurePosixPath], bool]
) -> PurePosixPath:
    # A Python package is imported from the folder above its outermost __init__.py.
    while ext == "py" and folder.name and is_file(folder / "__init__.py"):
        folder = folder.parent
    return folder
