"""A text as an outline: its own lines, cut by what a tree-sitter grammar says.

Rule 1: lines are cut, never made; the texts of all pieces joined are the text. Rule
2: what shares a line with something else is one piece with it. Rule 3: a text that
does not parse as a whole has no outline. Rule 4: blocks in blocks have a bound: what
lies deeper is text.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from tree_sitter import Node

from pdd_tasks.adapters.treesitter.grammar import GRAMMARS, Grammar, tree_of
from pdd_tasks.core.merge.cutting import Lines
from pdd_tasks.core.merge.outline import Block, Kind, Listing, Piece
from pdd_tasks.core.merge.words import tokens


_DEPTH: Final = 30  # blocks in blocks; all that reads an outline goes down as far
_LISTS: Final = (
    re.compile(r"(import(?: type)? \{)\s*([\w$,\s]+?),?\s*(\} from [^\n]*)\n"),
    re.compile(r"((?:pub )?use [\w:]+::\{)\s*([\w,\s]+?),?\s*(\};)\n"),
)
_STEPS: Final = frozenset(
    {"statement_block", "block", "compound_statement", "constructor_body"}
)
_NAMING: Final = ("receiver", "name", "declarator")
_IMPL: Final = ("trait", "type")
_SPECS: Final = frozenset(
    {"variable_declarator", "type_spec", "const_spec", "var_spec"}
)
_CONDITIONS: Final = frozenset({"preproc_ifdef", "preproc_if"})


@lru_cache(maxsize=16)
def outline_of(language: str, text: str) -> Block | None:
    """Return the outline of a text; None if it does not parse, or nobody can tell.

    Args:
        language: A language of `GRAMMARS`.
        text: A program whose last line has an end.
    """
    tree = tree_of(language, text)
    if tree is None or tree.root_node.has_error or "\r" in text:
        return None
    lines = Lines(text)
    reader = _Reader(lines, GRAMMARS[language])
    free = language != "bash"
    nodes = tree.root_node.named_children
    found = reader.block(nodes, (0, 0, len(lines.all)), 0, is_free=free)
    return found if found.text == text else None


class _Reader:
    """Cuts one text."""

    def __init__(self, lines: Lines, grammar: Grammar) -> None:
        self._lines, self._grammar = lines, grammar

    def block(
        self,
        nodes: Sequence[Node],
        span: tuple[int, int, int],
        depth: int,
        *,
        is_free: bool,
    ) -> Block:
        """Return a block.

        Args:
            nodes: What is in it.
            span: Where its lines begin, where those begin that are in it, and where
                all of them end.
            depth: How many blocks it is in.
            is_free: True if it holds definitions.
        """
        start, at, end = span
        members: list[Piece] = []
        head = self._lines.text(start, at)
        for group in self._groups(nodes):
            first, last = _first(group[0]), _behind(group[-1])
            members += self._lines.alone(at, first)
            at = self._lines.lead_start(at, first)
            members.append(self._piece(group, (at, first, last), depth))
            at = last
        tail = self._lines.text(at, end)
        return Block(head=head, members=tuple(members), tail=tail, is_free=is_free)

    def _groups(self, nodes: Sequence[Node]) -> list[list[Node]]:
        """Return nodes, those that share a line together, without comments."""
        groups: list[list[Node]] = []
        end = -1
        for node in nodes:
            is_note = "comment" in node.type or node.type in self._grammar.marks
            if is_note and _first(node) >= end:
                continue
            if _first(node) < end and groups:
                groups[-1].append(node)
            else:
                groups.append([node])
            end = _behind(node)
        return groups

    def _piece(
        self, group: Sequence[Node], span: tuple[int, int, int], depth: int
    ) -> Piece:
        start, first, last = span
        node = self._inner(group[0])
        text = self._lines.text(first, last)
        is_one = len(group) == 1
        has_blocks = is_one and depth < _DEPTH
        inner = self._blocks(node, (first, last), depth + 1) if has_blocks else ()
        kind = self._kind(node) if is_one else Kind.STATEMENT
        listing = _listing(text) if kind is Kind.IMPORT else None
        return Piece(
            kind=kind,
            key=_key(node, kind, listing) if is_one else "",
            lead=self._lines.text(start, first),
            text=text,
            said=said(text, self._grammar),
            blocks=tuple(inner),
            listing=listing,
        )

    def _inner(self, node: Node) -> Node:
        """Return what stands inside a wrapper."""
        if node.type not in self._grammar.wrappers:
            return node
        known = self._grammar.definitions | self._grammar.values
        inside = [child for child in node.named_children if child.type in known]
        return inside[0] if inside else node

    def _kind(self, node: Node) -> Kind:
        kinds = (
            (self._grammar.definitions, Kind.DEFINITION),
            (self._grammar.imports, Kind.IMPORT),
            (self._grammar.values, Kind.VALUE),
            (self._grammar.fields, Kind.FIELD),
        )
        return next((k for types, k in kinds if node.type in types), Kind.STATEMENT)

    def _blocks(self, node: Node, span: tuple[int, int], depth: int) -> Iterator[Block]:
        first, last = span
        body = self._body(node)
        if body is None:
            return
        is_condition = body.type in _CONDITIONS
        nodes = [c for c in _inside(body) if not _is_opening(c, body)]
        if not nodes or any("else" in c.type or "elif" in c.type for c in nodes):
            return
        opens = first if is_condition else body.start_point.row
        closes = last - 1 if is_condition else body.end_point.row
        is_apart = _first(nodes[0]) > opens and _behind(nodes[-1]) <= closes
        if is_apart and last == closes + 1:
            free = body.type not in _STEPS
            yield self.block(nodes, (first, opens + 1, last), depth, is_free=free)

    def _body(self, node: Node) -> Node | None:
        if node.type in self._grammar.scopes:
            return node
        body = node.child_by_field_name("body")
        if body is None:
            parts = node.named_children
            body = next((p for p in parts if p.type == "import_spec_list"), None)
        known = self._grammar.scopes | _STEPS | {"import_spec_list"}
        return body if body is not None and body.type in known else None


def said(text: str, grammar: Grammar) -> str:
    """Return what some lines say whatever their layout."""
    if grammar.keeps_lines:
        return "\n".join(line.strip() for line in text.split("\n") if line.strip())
    return " ".join(tokens(text)[0])


def _inside(body: Node) -> Sequence[Node]:
    """Return what is in a block, the statements of a list in it too."""
    nodes = body.named_children
    if len(nodes) == 1 and nodes[0].type == "statement_list":
        return nodes[0].named_children
    return nodes


def _is_opening(node: Node, body: Node) -> bool:
    """Return whether a node is on the line that opens its condition."""
    return body.type in _CONDITIONS and _first(node) == _first(body)


def _first(node: Node) -> int:
    return node.start_point.row


def _behind(node: Node) -> int:
    """Return the line behind a node; some end with the end of their line."""
    return node.end_point.row + (node.end_point.column > 0)


def _key(node: Node, kind: Kind, listing: Listing | None) -> str:
    """Return what a piece is called among its siblings; empty for no name."""
    if listing is not None:
        return f"{listing.opening}{listing.closing}"
    if kind is Kind.IMPORT:
        return _text(node)
    if kind is Kind.STATEMENT:
        return _text(node) if node.type.startswith("package") else ""
    names = [_text(name) for name in _names(node)]
    if kind is Kind.VALUE:
        return names[0] if names else ""
    return " ".join(["impl", *names] if node.type == "impl_item" else names)


def _names(node: Node) -> Iterator[Node]:
    """Yield the nodes that name a definition, as in ``impl Trait for Type``."""
    if not node.named_child_count:
        yield node
    fields = _IMPL if node.type == "impl_item" else _NAMING
    found = [part for name in fields if (part := node.child_by_field_name(name))]
    yield from (_called(part) for part in found)
    if not found:
        for part in node.named_children:
            if part.type in _SPECS:
                yield from _names(part)


def _called(node: Node) -> Node:
    """Return the name inside of a declarator, without type and parameters."""
    inner: Node | None = node
    while inner is not None:
        node = inner
        is_value = node.type == "variable_declarator"
        inner = node.child_by_field_name("name" if is_value else "declarator")
    return node


def _text(node: Node) -> str:
    return " ".join((node.text or b"").decode().rstrip(";").split())


def _listing(text: str) -> Listing | None:
    """Return the names of an import that is nothing but a list of names."""
    for pattern in _LISTS:
        match = pattern.fullmatch(text)
        if match:
            opening, names, closing = match.groups()
            items = tuple(name.strip() for name in names.split(","))
            gap = " " if " from " in closing else ""
            lines = text.split("\n")
            inner = lines[1] if len(lines) > 2 else "    "  # noqa: PLR2004
            indent = inner[: len(inner) - len(inner.lstrip())]
            return Listing(
                opening=opening + gap,
                closing=gap + closing,
                items=items,
                wrapped=(opening, indent, closing),
            )
    return None
