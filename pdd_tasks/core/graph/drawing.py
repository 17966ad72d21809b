"""The graph of units as lines, DOT, Mermaid and SVG; all names are escaped.

An edge points from what is needed to what needs it, as the work flows.
"""

from collections.abc import Mapping
from typing import Final
from xml.sax.saxutils import escape

from pdd_tasks.core.graph.picture import Edge, Link, Node, Picture


_COLOURS: Final = {"in-sync": "#d7f0d7", "stale": "#fdeec0", "new": "#dce8fb"}
_OTHER: Final = "#f8d4d0"
_WIDTH_OF_SIGN: Final = 8
_HEIGHT: Final = 44
_GAP: Final = 40


def tree(found: Picture) -> list[str]:
    """Return lines: each unit below one that it needs, its state beside it.

    A unit that needs several stands below each of them, with what depends on it only
    the first time.
    """
    below = _below(found)
    needing = {edge.unit for edge in _ordering(found)}
    nodes = {node.id: node for node in found.nodes}
    tops = [node.id for node in found.nodes if node.id not in needing]
    lines, seen = [], set[str]()
    for top in [*tops, *nodes]:  # the second time round: what only circles lead to
        waiting = [] if top in seen else [(top, "", "")]
        while waiting:
            unit, mark, margin = waiting.pop()
            more = " …" if unit in seen and below.get(unit) else ""
            node = nodes[unit]
            lines.append(f"{margin}{mark}{node.label} [{node.state}]{more}")
            if unit not in seen:
                seen.add(unit)
                inner = margin + {"": "", "├── ": "│   ", "└── ": "    "}[mark]
                waiting += _children(below.get(unit, []), inner)
    return lines


def _children(units: list[str], margin: str) -> list[tuple[str, str, str]]:
    """Return units with their marks, the first one last."""
    marks = ["├── "] * (len(units) - 1) + ["└── "]
    pairs = list(zip(units, marks, strict=True)) if units else []
    return [(unit, mark, margin) for unit, mark in reversed(pairs)]


def _ordering(found: Picture) -> list[Edge]:
    return [edge for edge in found.edges if edge.link is Link.INCLUDE]


def _below(found: Picture) -> Mapping[str, list[str]]:
    below: dict[str, list[str]] = {}
    for edge in _ordering(found):
        below.setdefault(edge.needs, []).append(edge.unit)
    return below


def dot(found: Picture) -> str:
    """Return the graph in the language of graphviz."""
    lines = ["digraph units {", "  rankdir=LR;", "  node [shape=box, style=filled];"]
    for node in found.nodes:
        label = _quoted(f"{node.label}\n{node.state}")
        lines.append(
            f'  {_quoted(node.id)} [label={label}, fillcolor="{_colour(node)}"];'
        )
    for edge in found.edges:
        style = " [style=dashed, constraint=false]" if edge.link is Link.IMPORT else ""
        lines.append(f"  {_quoted(edge.needs)} -> {_quoted(edge.unit)}{style};")
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{plain}"'


def _colour(node: Node) -> str:
    return _COLOURS.get(node.state.split()[-1], _OTHER)


def mermaid(found: Picture) -> str:
    """Return the graph in the language of Mermaid."""
    names = {node.id: f"n{number}" for number, node in enumerate(found.nodes)}
    lines = ["flowchart LR"]
    for node in found.nodes:
        label = f"{_entities(node.label)}<br/>{_entities(node.state)}"
        lines.append(f'  {names[node.id]}["{label}"]')
        lines.append(f"  style {names[node.id]} fill:{_colour(node)}")
    for edge in found.edges:
        arrow = "-.->" if edge.link is Link.IMPORT else "-->"
        lines.append(f"  {names[edge.needs]} {arrow} {names[edge.unit]}")
    return "\n".join(lines) + "\n"


def _entities(text: str) -> str:
    """Return a text whose signs mean nothing to Mermaid."""
    return "".join(
        sign if sign.isalnum() or sign in "_-/., ()" else f"#{ord(sign)};"
        for sign in text
    )


def svg(found: Picture) -> str:
    """Return the graph as a picture: one column for all that can be made together."""
    places = _places(found)
    size = max(
        (len(text) for n in found.nodes for text in (n.label, n.state)), default=1
    )
    width = size * _WIDTH_OF_SIGN + 20
    spots = {
        unit: (column * (width + _GAP) + 10, row * (_HEIGHT + 16) + 10)
        for unit, (column, row) in places.items()
    }
    right = max((x for x, _ in spots.values()), default=0) + width + 10
    bottom = max((y for _, y in spots.values()), default=0) + _HEIGHT + 10
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{right}" height="{bottom}"'
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'{head} font-family="monospace" font-size="13">',
            *(_line(edge, spots, width) for edge in found.edges),
            *(_box(node, spots[node.id], width) for node in found.nodes),
            "</svg>\n",
        ]
    )


def _places(found: Picture) -> Mapping[str, tuple[int, int]]:
    """Return unit → column and row: one column right of all that it needs."""
    needs: dict[str, list[str]] = {}
    for edge in _ordering(found):
        needs.setdefault(edge.unit, []).append(edge.needs)
    columns: dict[str, int] = {}
    rows: dict[int, int] = {}
    places = {}
    for node in found.nodes:  # those needed come first; in a circle nobody does
        known = [columns[need] for need in needs.get(node.id, ()) if need in columns]
        column = columns[node.id] = max(known, default=-1) + 1
        places[node.id] = (column, rows.get(column, 0))
        rows[column] = rows.get(column, 0) + 1
    return places


def _line(edge: Edge, spots: Mapping[str, tuple[int, int]], width: int) -> str:
    (x1, y1), (x2, y2) = spots[edge.needs], spots[edge.unit]
    dashed = ' stroke-dasharray="4"' if edge.link is Link.IMPORT else ""
    middle = _HEIGHT // 2
    return (
        f'<line x1="{x1 + width}" y1="{y1 + middle}" x2="{x2}" y2="{y2 + middle}"'
        f' stroke="#555"{dashed}/>'
    )


def _box(node: Node, spot: tuple[int, int], width: int) -> str:
    x, y = spot
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{_HEIGHT}" rx="4"'
        f' fill="{_colour(node)}" stroke="#555"/>'
        f'<text x="{x + 10}" y="{y + 18}">{escape(node.label)}</text>'
        f'<text x="{x + 10}" y="{y + 36}" fill="#555">{escape(node.state)}</text>'
    )
