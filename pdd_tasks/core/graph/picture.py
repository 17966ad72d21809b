"""The graph of units as something to be shown, and the same with folders for units.

What is not here: how it is written (`pdd_tasks.core.graph.drawing`).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pdd_tasks.core.graph.units import order


class Link(StrEnum):
    """What makes an edge; only the first kind orders units."""

    INCLUDE = "include"  # the prompt includes the example, or auto-deps will
    IMPORT = "import"  # code or example import the code


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One unit, or the units of one folder.

    Attributes:
        id: The unit's id, or the folder with a ``/`` at its end.
        state: How it stands, in a word; of a folder how many stand how.
        units: How many units it stands for.
    """

    id: str
    state: str
    units: int = 1

    @property
    def label(self) -> str:
        """Its id, and of a folder how many units are in it."""
        return self.id if self.units == 1 else f"{self.id} ({self.units} units)"


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """One unit needs another."""

    unit: str
    needs: str
    link: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The graph of units.

    Attributes:
        nodes: Those needed first; ties alphabetical.
        edges: Sorted; both ends are among the nodes.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    @property
    def missing(self) -> tuple[Edge, ...]:
        """Imports of what the prompt does not include."""
        known = {(e.unit, e.needs) for e in self.edges if e.link is Link.INCLUDE}
        return tuple(
            edge
            for edge in self.edges
            if edge.link is Link.IMPORT and (edge.unit, edge.needs) not in known
        )

    @property
    def circles(self) -> tuple[tuple[str, ...], ...]:
        """Groups of units that need each other, in the order they are made."""
        needs: dict[str, list[str]] = {}
        for edge in self.edges:
            if edge.link is Link.INCLUDE:
                needs.setdefault(edge.unit, []).append(edge.needs)
        return order(needs).groups


def picture(nodes: Iterable[Node], edges: Iterable[Edge]) -> Picture:
    """Return a picture of some units; edges to others are left out."""
    kept = tuple(nodes)
    ids = {node.id for node in kept}
    inner = {edge for edge in edges if edge.unit in ids and edge.needs in ids}
    return Picture(nodes=kept, edges=tuple(sorted(inner)))


def by_folder(found: Picture) -> Picture:
    """Return a picture with one node for each folder of units."""
    folders: dict[str, list[Node]] = {}
    for node in found.nodes:
        folders.setdefault(_folder(node.id), []).append(node)
    return picture(
        (_together(name, nodes) for name, nodes in folders.items()),
        (
            Edge(_folder(edge.unit), _folder(edge.needs), edge.link)
            for edge in found.edges
            if _folder(edge.unit) != _folder(edge.needs)
        ),
    )


def _folder(unit: str) -> str:
    return f"{unit.rpartition('/')[0] or '.'}/"


def _together(name: str, nodes: list[Node]) -> Node:
    counts = Counter(node.state for node in nodes)
    said = ", ".join(f"{counts[state]} {state}" for state in sorted(counts))
    return Node(id=name, state=said, units=len(nodes))
