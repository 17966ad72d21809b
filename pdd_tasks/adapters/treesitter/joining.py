"""The statements of a new test file against those of the old one.

They say which new names clash, what would run for its effect, and what lines go into
the old file so that the new tests have what they need.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tree_sitter import Node

from pdd_tasks.adapters.treesitter.dialect import (
    Dialect,
    dumped,
    identifiers,
    is_lead,
    walk,
)
from pdd_tasks.adapters.treesitter.tests import DEPTH, extent, rows


@dataclass(frozen=True, slots=True)
class Insert:
    """Lines to put before a row of the old file."""

    row: int
    text: str


def joining(before: Node, after: Node, dialect: Dialect) -> "Joining":
    """Return the statements of two files against each other."""
    used = identifiers(before) - _bound_within(before, dialect)
    end = len(rows((before.text or b"").decode()))
    levels = (before.named_children, after.named_children)
    return Joining(levels, dialect, used, end)


class Joining:
    """The statements of one level of a new file, against those of the old one."""

    def __init__(
        self,
        levels: tuple[Sequence[Node], Sequence[Node]],
        dialect: Dialect,
        used: frozenset[str],
        end: int,
        depth: int = 0,
    ) -> None:
        self._old, self._new = (_statements(nodes) for nodes in levels)
        self._dialect, self._used, self._end = dialect, used, end
        is_joined = dialect.is_joined and depth < DEPTH
        self._inner = list(self._groups(depth + 1)) if is_joined else []

    def _groups(self, depth: int) -> Iterator[tuple[Node, "Joining"]]:
        """Yield the new groups that the old file has too, with what is in them."""
        old = {c.name: (n, c) for n in self._old if (c := self._dialect.case(n))}
        for node in self._new:
            case = self._dialect.case(node)
            known = old.get(case.name) if case else None
            if case and case.members is not None and known:
                levels = (known[1].members or (), case.members)
                end = known[0].end_point.row
                yield node, Joining(levels, self._dialect, self._used, end, depth)

    @property
    def reasons(self) -> dict[str, str]:
        """Name → why it cannot be had: it means something else in the old file."""
        had, wanted = self._bound(self._old), self._bound(self._new)
        free = self._used
        reasons = {
            name: f"{name} means something else in the older tests"
            for name, how in wanted.items()
            if (how != had[name] if name in had else name in free)
        }
        size = -1
        while size != len(reasons):  # what stands on a name that clashes is another
            size = len(reasons)
            for node in self._helpers(self._new):
                clash = sorted(identifiers(node) & reasons.keys())
                for name in self._dialect.binds(node) if clash else ():
                    reasons.setdefault(name, reasons[clash[0]])
        for _, inner in self._inner:
            reasons |= inner.reasons
        return reasons

    @property
    def effects(self) -> dict[str, str]:
        """First line → why it is left out, for what runs for its effect."""
        found = {
            (node.text or b"").decode().partition("\n")[0]: (
                "it would run for the older tests, too"
            )
            for node in self._new
            if self._is_effect(node) and dumped(node) not in self._said
        }
        for _, inner in self._inner:
            found |= inner.effects
        return found

    def inserts(self, text: str) -> Iterator[Insert]:
        """Yield what is to be put into the old file, with its rows there."""
        lines = rows(text)
        joined = {node.id for node, _ in self._inner}
        all_cases = [node for node in self._new if self._dialect.case(node)]
        cases = [node for node in all_cases if node.id not in joined]
        needed = self._needed(all_cases)
        imports = "".join(
            f"{self._dialect.imports_only(node, names)}\n"
            for node, names in self._imports(needed)
        )
        below = [node for node in self._helpers(self._new) if node.id in needed]
        if imports:
            yield Insert(self._import_row, imports)
        for node in (*below, *cases):
            yield Insert(self._end, f"\n{_lines_of(node, lines)}")
        for _, inner in self._inner:
            yield from inner.inserts(text)

    def _needed(self, cases: Sequence[Node]) -> dict[int, frozenset[str]]:
        """Return the new statements that tests stand on → their names."""
        had = self._bound(self._old)
        known = {
            name: node
            for node in self._new
            for name in (*self._dialect.binds(node), *self._dialect.imported(node))
            if not self._dialect.case(node) and name not in had
        }
        bare = [n for n in self._new if self._is_bare_import(n)]
        needed: dict[int, frozenset[str]] = {
            node.id: frozenset(self._dialect.imported(node)) - had.keys()
            for node in bare
        }
        waiting = list(cases)
        while waiting:
            node = waiting.pop()
            for name in identifiers(node) & known.keys():
                own = known[name]
                names = needed.get(own.id, frozenset())
                if name not in names:
                    needed[own.id] = names | {name}
                    waiting += [] if self._dialect.imported(own) else [own]
        return needed

    def _imports(
        self, needed: Mapping[int, Collection[str]]
    ) -> Iterator[tuple[Node, list[str]]]:
        for node in self._new:
            bound = self._dialect.imported(node)
            names = [name for name in bound if name in needed.get(node.id, ())]
            if names:
                yield node, names

    @property
    def _said(self) -> frozenset[str]:
        return frozenset(dumped(node) for node in self._old)

    @property
    def _import_row(self) -> int:
        """The row of the old file that new imports come before."""
        ends = [extent(n)[1] for n in self._old if self._is_head(n)]
        first = self._old[0] if self._old else None
        return max(ends) if ends else extent(first)[0] if first else 0

    def _is_head(self, node: Node) -> bool:
        """Return whether a statement stands above all others: imports, a package."""
        return bool(self._dialect.imported(node)) or node.type.startswith("package")

    def _bound(self, nodes: Sequence[Node]) -> dict[str, str]:
        """Return each name of the level → how it is bound."""
        found: dict[str, str] = {}
        for node in nodes:
            if self._dialect.case(node):
                continue
            imported = self._dialect.imported(node)
            said = "" if imported else dumped(node)
            names = imported or dict.fromkeys(self._dialect.binds(node), said)
            for name, how in names.items():
                found[name] = f"{found[name]}\n{how}" if name in found else how
        return found

    def _helpers(self, nodes: Sequence[Node]) -> list[Node]:
        return [
            node
            for node in nodes
            if self._dialect.binds(node)
            and not self._dialect.imported(node)
            and not self._dialect.case(node)
        ]

    def _is_effect(self, node: Node) -> bool:
        dialect = self._dialect
        return not (dialect.case(node) or dialect.binds(node) or dialect.imported(node))

    def _is_bare_import(self, node: Node) -> bool:
        """Return whether an import is there for its effect, or binds all it can."""
        imported = self._dialect.imported(node)
        return bool(imported) and not self._dialect.binds(node)


def _statements(nodes: Sequence[Node]) -> list[Node]:
    return [node for node in nodes if not is_lead(node)]


def _bound_within(root: Node, dialect: Dialect) -> frozenset[str]:
    """Return names that are bound anywhere in a file, parameters too."""
    names: set[str] = set()
    end = 0  # of the outermost parameter: what is in it is seen once
    for node in walk(root):
        names |= set(dialect.binds(node))
        if "parameter" in node.type and node.start_byte >= end:
            names |= identifiers(node)
            end = node.end_byte
    return frozenset(names)


def _lines_of(node: Node, lines: Sequence[bytes]) -> str:
    first, behind = extent(node)
    text = b"".join(lines[first:behind]).decode()
    return text if text.endswith("\n") else f"{text}\n"
