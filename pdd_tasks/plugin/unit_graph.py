"""What ``doit graph`` shows: units with their states, and why they are connected."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import PurePosixPath
from posixpath import normpath
from typing import Final

from pdd_tasks.adapters.graphviz import drawn
from pdd_tasks.core.graph.drawing import dot, mermaid, svg, tree
from pdd_tasks.core.graph.picture import (
    Edge,
    Link,
    Node,
    Picture,
    by_folder,
    picture,
)
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.model.units import Units
from pdd_tasks.engine.observe import syntax_of
from pdd_tasks.errors import ConfigError, PddError
from pdd_tasks.plugin.project import Project
from pdd_tasks.plugin.standing import state


SCHEMA: Final = 1
LARGE: Final = 100
"""From so many units on a picture shows folders, unless all units are asked for."""

FORMATS: Final = ("tree", "dot", "mermaid", "json", "svg")


def unit_graph(project: Project, units: tuple[DevUnit, ...]) -> Picture:
    """Return the graph of some units, with all edges between them."""
    ids = {str(unit.id) for unit in units}
    nodes = [
        Node(id=str(unit.id), state=state(project, unit))
        for unit in project.units
        if str(unit.id) in ids
    ]
    needs = project.edges.needs.items()
    includes = [
        Edge(unit, need, Link.INCLUDE) for unit, found in needs for need in found
    ]
    imports = [edge for unit in units for edge in _imports(project, unit)]
    return picture(nodes, [*includes, *imports])


def _imports(project: Project, unit: DevUnit) -> Iterator[Edge]:
    """Yield an edge for each unit whose code a unit's code or example import."""
    world = project.world(unit)
    near = Units.of(world.units, unit.root)
    names: set[str] = set()
    with suppress(PddError):  # what reads the language is not there
        syntax = syntax_of(world, unit)
        for path in (*unit.code, unit.example):
            data = world.files.read(path) or b""
            for name in syntax.imports(data.decode("utf-8-sig", "replace")):
                names |= _files(unit, path, name)
    needed = {other.id for name in names for other in near.by_code.get(name, ())}
    for one in sorted(needed - {unit.id}):
        yield Edge(str(unit.id), str(one), Link.IMPORT)


def _files(unit: DevUnit, path: PurePosixPath, name: str) -> set[str]:
    """Return the files that an import may mean, as languages write modules and paths.

    Args:
        unit: The unit whose import it is.
        path: The file that has it.
        name: What is imported.
    """
    local = name.removeprefix("crate::")
    modules = (name, name.replace(".", "/"), local, local.rpartition("::")[0] or local)
    places = {
        normpath(f"{folder}/{module.replace('::', '/')}")
        for folder in (unit.import_root, path.parent)
        for module in modules
    }
    endings = ("", *(f".{one}" for one in unit.language.extensions))
    return {f"{place}{ending}" for place in places for ending in endings}


def shown(found: Picture, form: str, *, everything: bool) -> str:
    """Return a graph in a form.

    Args:
        found: The graph.
        form: One of `FORMATS`.
        everything: True to show each unit however many there are.

    Raises:
        ConfigError: If there is no such form.
    """
    if form not in FORMATS:
        msg = f"--format is {form!r}, expected {', '.join(FORMATS)}"
        raise ConfigError(msg, hint="write, for example, --format=svg")
    if form == "json":
        return json.dumps(mapping(found), indent=1, sort_keys=True) + "\n"
    small = found if everything or len(found.nodes) < LARGE else by_folder(found)
    if form == "tree":
        return "".join(f"{line}\n" for line in (*tree(small), *_remarks(found)))
    if form == "mermaid":
        return mermaid(small)
    text = dot(small)
    return text if form == "dot" else drawn(text) or svg(small)


def _remarks(found: Picture) -> Iterator[str]:
    for group in found.circles:
        yield f"{' and '.join(group)} need each other"
    for edge in found.missing:
        yield (
            f"{edge.unit} imports {edge.needs}, but its prompt does not include the"
            f" example: <pdd-dependency>{edge.needs}</pdd-dependency> would"
        )


def mapping(found: Picture) -> Mapping[str, object]:
    """Return a graph as plain values for JSON; each unit, however many there are."""
    missing = set(found.missing)
    return {
        "schema": SCHEMA,
        "circles": [list(group) for group in found.circles],
        "units": [{"unit": node.id, "state": node.state} for node in found.nodes],
        "edges": [
            {
                "unit": edge.unit,
                "needs": edge.needs,
                "kind": str(edge.link),
                "included": edge not in missing,
            }
            for edge in found.edges
        ],
    }
