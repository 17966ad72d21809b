"""The Markdown pages of this repository, taken apart for the tests in tests/docs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final


ROOT: Final = Path(__file__).resolve().parents[1]
PAGES: Final = (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")))
_FENCE: Final = re.compile(
    r"(?:^ *<!-- (?P<mark>[^\n]*?) -->\n)?"
    r"^(?P<indent> *)```(?P<tag>\w*)\n(?P<body>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block.

    Attributes:
        mark: The comment on the line before it; empty if there is none.
        tag: What stands behind the opening fence.
    """

    page: Path
    mark: str
    tag: str
    body: str


def name(page: Path) -> str:
    """Return a page's path from the root."""
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path) -> tuple[Block, ...]:
    """Return the fenced blocks of a page, in their order."""
    found = _FENCE.finditer(page.read_text(encoding="utf-8"))
    return tuple(
        Block(
            page=page,
            mark=one["mark"] or "",
            tag=one["tag"],
            body=re.sub(rf"^{one['indent']}", "", one["body"], flags=re.MULTILINE),
        )
        for one in found
    )


def marked(mark: str) -> tuple[Block, ...]:
    """Return all blocks with a mark, on any page."""
    return tuple(one for page in PAGES for one in blocks(page) if one.mark == mark)


def prose(page: Path) -> str:
    """Return a page without its fenced blocks."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def commands(page: Path) -> Iterator[str]:
    """Yield what a page tells to type, from its blocks and its inline code."""
    for block in blocks(page):
        lines = block.body.splitlines()
        if block.tag == "console":
            yield from (line[2:] for line in lines if line.startswith("$ "))
        elif block.tag == "sh":
            yield from lines
    yield from re.findall(r"`([^`\n]+)`", prose(page))


def doit_words(page: Path) -> Iterator[list[str]]:
    """Yield the words behind each ``doit`` that a page tells to type."""
    for command in commands(page):
        for part in re.split(r"&&|;|\|", command):
            words = part.split()
            if words and (words[0] == "doit" or words[0].endswith("/doit")):
                yield words[1:]


def table(text: str) -> list[list[str]]:
    """Return the rows of the first Markdown table in a text, less its head."""
    found = re.search(r"^\|.*\n\|[-|]+\|\n((?:\|.*\n)+)", text, re.MULTILINE)
    assert found is not None
    lines = found[1].splitlines()
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def section(page: Path, title: str) -> str:
    """Return the text below a heading, up to the next of its rank or above."""
    text = page.read_text(encoding="utf-8")
    found = re.search(rf"^(#+) {re.escape(title)}$", text, re.MULTILINE)
    assert found is not None, f"{name(page)} has no section {title}"
    rest = text[found.end() :]
    end = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest
