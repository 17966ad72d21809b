"""A Python text as an outline: its own lines, cut by what the syntax tree says.

Rule 1: lines are cut, never made; the texts of all pieces joined are the text. Rule
2: a comment right above a statement is its own, one with a blank line below stands
alone, one below the last statement of a block belongs to the block that it is
indented for. Rule 3: statements that share a line are one piece, and so is a
statement with a block that shares a line with what opens it.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from typing import Final, TypeAlias

from pdd_tasks.adapters.python.naming import key_of, kind_of, listing_of
from pdd_tasks.adapters.python.tree import Definition, tree_of
from pdd_tasks.core.merge.cutting import Lines
from pdd_tasks.core.merge.outline import Block, Kind, Piece
from pdd_tasks.core.merge.words import tokens


_ELSE: Final = ("handlers", "orelse", "finalbody")

Inner: TypeAlias = tuple[Sequence[ast.stmt | ast.match_case], bool]


@lru_cache(maxsize=16)  # a merge looks at a text again and again
def module_of(text: str) -> ast.Module | None:
    """Return the tree of a text, not to be changed; None if it does not parse."""
    return tree_of(text)


@lru_cache(maxsize=16)
def outline_of(text: str) -> Block | None:
    """Return the outline of a text; None if it does not parse.

    Args:
        text: A program whose last line has an end.
    """
    tree = module_of(text)
    if tree is None or "\r" in text or "\f" in text:
        return None
    lines = Lines(text)
    found = _Reader(lines).block(tree.body, _Span(0, len(lines.all)), 0, tree)
    return found if found.text == text else None


@dataclass(frozen=True, slots=True)
class _Span:
    """Lines of the text, counted from zero; the end is behind them."""

    start: int
    end: int


class _Reader:
    """Cuts one text."""

    def __init__(self, lines: Lines) -> None:
        self._lines, self._text = lines.all, lines.text
        self._alone, self._lead_start = lines.alone, lines.lead_start

    def block(
        self,
        body: Sequence[ast.stmt | ast.match_case],
        span: _Span,
        head: int,
        owner: ast.AST,
    ) -> Block:
        """Return a block.

        Args:
            body: The statements in it.
            span: Its lines, those that open it included.
            head: How many lines open it.
            owner: What it is a block of.
        """
        start = span.start + head
        members: list[Piece] = []
        for group in _groups(body):
            first, last = _first_line(group[0]), _last_line(group[-1])
            if len(group) == 1:
                last = self._with_tail(group[0], last, span.end)
            members += self._alone(start, first)
            start = self._lead_start(start, first)
            members.append(self._piece(group, _Span(first, last), start, owner))
            start = last
        return Block(
            head=self._text(span.start, span.start + head),
            members=tuple(members),
            tail=self._text(start, span.end),
            is_free=isinstance(owner, ast.Module | ast.ClassDef),
        )

    def _with_tail(self, node: ast.stmt | ast.match_case, last: int, end: int) -> int:
        """Return where a statement ends that owns comments below its last block."""
        column = _inner_column(node)
        if column is None:
            return last
        found = at = last
        while at < end:
            line = self._lines[at]
            bare = line.strip()
            if bare and not bare.startswith("#"):
                break
            at += 1
            if bare and len(line) - len(line.lstrip()) >= column:
                found = at
            elif bare:
                break
        return found

    def _piece(
        self,
        group: Sequence[ast.stmt | ast.match_case],
        span: _Span,
        start: int,
        owner: ast.AST,
    ) -> Piece:
        node = group[0]
        text = self._text(span.start, span.end)
        blocks = tuple(self._blocks(node, span)) if len(group) == 1 else ()
        if "".join(block.text for block in blocks) != text:
            blocks = ()
        return Piece(
            kind=kind_of(node, owner) if len(group) == 1 else Kind.STATEMENT,
            key=key_of(node) if len(group) == 1 else "",
            lead=self._text(start, span.start),
            text=text,
            said=_said(text, blocks),
            blocks=blocks,
            listing=listing_of(node, text) if len(group) == 1 else None,
        )

    def _blocks(self, node: ast.stmt | ast.match_case, span: _Span) -> Iterator[Block]:
        parts = list(_parts(node))
        at = span.start
        for body, following in zip_longest(parts, parts[1:]):
            first = _first_line(body[0])
            head = first
            while head > at and _is_layout(self._lines[head - 1]):
                head -= 1
            if head == at:
                return
            end = span.end if following is None else self._end(body, following)
            yield self.block(body, _Span(at, end), head - at, node)
            at = end

    def _end(
        self,
        body: Sequence[ast.stmt | ast.match_case],
        following: Sequence[ast.stmt | ast.match_case],
    ) -> int:
        """Return where a block ends that is followed by another of its statement."""
        last = _last_line(body[-1])
        return self._with_tail_of(body, last, _first_line(following[0]))

    def _with_tail_of(
        self, body: Sequence[ast.stmt | ast.match_case], last: int, end: int
    ) -> int:
        found = at = last
        column = _column(body[0])
        while at < end and _is_layout(self._lines[at]):
            line = self._lines[at]
            at += 1
            if line.strip() and len(line) - len(line.lstrip()) >= column:
                found = at
        return found


def _groups(
    body: Sequence[ast.stmt | ast.match_case],
) -> list[list[ast.stmt | ast.match_case]]:
    """Return statements, those that share a line together."""
    groups: list[list[ast.stmt | ast.match_case]] = []
    end = -1
    for node in body:
        if _first_line(node) < end:
            groups[-1].append(node)
        else:
            groups.append([node])
        end = _last_line(node)
    return groups


def _first_line(node: ast.stmt | ast.match_case) -> int:
    if isinstance(node, ast.match_case):
        return node.pattern.lineno - 1
    marks = node.decorator_list if isinstance(node, Definition) else []
    return min([node.lineno, *(mark.lineno for mark in marks)]) - 1


def _last_line(node: ast.stmt | ast.match_case) -> int:
    """Return the line behind a node."""
    if isinstance(node, ast.match_case):
        return _last_line(node.body[-1])
    return node.end_lineno or node.lineno


def _column(node: ast.stmt | ast.match_case) -> int:
    if isinstance(node, ast.match_case):
        return node.pattern.col_offset - len("case ")
    return node.col_offset


def _inner_column(node: ast.stmt | ast.match_case) -> int | None:
    parts = list(_parts(node))
    return _column(parts[-1][0]) if parts else None


def _parts(
    node: ast.stmt | ast.match_case,
) -> Iterator[Sequence[ast.stmt | ast.match_case]]:
    """Yield the bodies of a statement in the order of the text."""
    if isinstance(node, ast.Match):
        yield node.cases
        return
    yield from ([body] if (body := getattr(node, "body", None)) else [])
    for name in _ELSE:
        inner = getattr(node, name, None) or []
        if name == "handlers":
            yield from (handler.body for handler in inner)
        elif _is_elif(node, inner):
            yield from _parts(inner[0])
        elif inner:
            yield inner


def _is_elif(node: ast.AST, inner: Sequence[ast.stmt]) -> bool:
    """Return whether an ``else`` block is an ``elif``: one column for both."""
    return (
        isinstance(node, ast.If)
        and len(inner) == 1
        and isinstance(inner[0], ast.If)
        and inner[0].col_offset == node.col_offset
    )


def _is_layout(line: str) -> bool:
    bare = line.strip()
    return not bare or bare.startswith("#")


def _said(text: str, blocks: Sequence[Block]) -> str:
    """Return what a piece says whatever its layout."""
    if blocks:
        return " ".join(_said_block(block) for block in blocks)
    return _words(text)


@lru_cache(maxsize=8192)  # the versions of a text have most of their pieces in common
def _words(text: str) -> str:
    return " ".join(tokens(text)[0])


def _said_block(block: Block) -> str:
    members = "; ".join(f"{m.lead.strip()} {m.said}" for m in block.members)
    return f"{_words(block.head)} {{ {members} {block.tail.strip()} }}"
