"""The folders of ``tests/cases/merge``: three texts, and what must come of them."""

from dataclasses import dataclass
from pathlib import Path

from pdd_tasks.adapters.structures import structure_of
from pdd_tasks.core.merge.structure import Structure


CASES = Path(__file__).parent / "cases/merge"
WHY = "conflict.txt"

MARKS = {
    "c": "//",
    "cpp": "//",
    "css": "/*",
    "go": "//",
    "html": "<!--",
    "java": "//",
    "javascript": "//",
    "javascriptreact": "//",
    "json": "",
    "lua": "--",
    "markdown": "<!--",
    "rust": "//",
    "scss": "//",
    "sql": "--",
    "text": "",
    "typescript": "//",
    "typescriptreact": "//",
}
"""How each language starts a comment; all others do it with a hash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One folder.

    Attributes:
        language: The folder's folder, a name of ``languages.yaml`` or ``text``.
        base: None if the case has none: nobody knows what both started from.
        expected: None if the case must stay a conflict.
        marked: The text with conflict markers; None if nothing is said of it.
    """

    name: str
    language: str
    base: str | None
    mine: str
    generated: str
    expected: str | None
    marked: str | None

    @property
    def mark(self) -> str:
        """How its language starts a comment."""
        return MARKS.get(self.language, "#")


def cases() -> list[Case]:
    """Return all cases, by language and name."""
    found = {path.parent for path in CASES.glob("*/*/mine.*")}
    return [_case(folder) for folder in sorted(found)]


def _case(folder: Path) -> Case:
    files = {path.stem: path for path in folder.glob("*.*") if path.name != WHY}
    texts = {name: path.read_bytes().decode() for name, path in files.items()}
    unknown = texts.keys() - {"base", "mine", "generated", "expected", "marked"}
    assert not unknown, f"{folder}: {unknown}"
    assert ("expected" in texts) != (folder / WHY).exists(), folder
    return Case(
        name=folder.name,
        language=folder.parent.name,
        base=texts.get("base"),
        mine=texts["mine"],
        generated=texts["generated"],
        expected=texts.get("expected"),
        marked=texts.get("marked"),
    )


def structure(language: str) -> Structure | None:
    """Return what reads a language's syntax; None if there is nothing."""
    return structure_of(language)
