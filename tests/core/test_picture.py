"""Pictures of graphs, and how they are written."""

from xml.etree import ElementTree as ET

import pytest

from pdd_tasks.core.graph.drawing import dot, mermaid, svg, tree
from pdd_tasks.core.graph.picture import Edge, Link, Node, by_folder, picture


ODD = "a&b's_python"
IN, STALE = "in-sync", "stale"


def graph(states, *pairs, imports=()):
    nodes = [Node(id=name, state=state) for name, state in states.items()]
    edges = [Edge(unit, need, Link.INCLUDE) for unit, need in pairs]
    return picture(nodes, [*edges, *(Edge(u, n, Link.IMPORT) for u, n in imports)])


@pytest.fixture
def diamond():
    states = {"a": IN, "lone": "new", "b": STALE, "c": STALE, "lib/d": STALE}
    pairs = (("b", "a"), ("c", "a"), ("lib/d", "b"), ("lib/d", "c"), ("e", "a"))
    return graph(states, *pairs, imports=[("c", "b"), ("b", "a")])


def test_edges_to_what_is_not_shown_are_left_out(diamond):
    assert "e" not in {edge.unit for edge in diamond.edges}


def test_an_import_without_an_include_is_missing(diamond):
    assert diamond.missing == (Edge("c", "b", Link.IMPORT),)


def test_a_tree_shows_each_unit_below_what_it_needs(diamond):
    assert tree(diamond) == [
        "a [in-sync]",
        "├── b [stale]",
        "│   └── lib/d [stale]",
        "└── c [stale]",
        "    └── lib/d [stale]",
        "lone [new]",
    ]


def test_what_depends_on_a_unit_is_shown_once():
    states = dict.fromkeys("abcde", IN)
    pairs = (("b", "a"), ("c", "a"), ("d", "b"), ("d", "c"), ("e", "d"))
    assert tree(graph(states, *pairs))[-1] == "    └── d [in-sync] …"


def test_a_circle_is_shown():
    found = graph(dict.fromkeys("ab", "refused"), ("a", "b"), ("b", "a"))
    lines = tree(found)
    assert lines[:2] == ["a [refused]", "└── b [refused]"]
    drawn = ET.fromstring(svg(found).split("\n", 1)[1])  # noqa: S314 - our own
    assert {"a", "b"} <= {
        "".join(e.itertext()).split()[0] for e in drawn.iter() if e.tag.endswith("text")
    }


def test_units_that_need_each_other_are_told_imports_or_not(diamond):
    assert diamond.circles == ()
    pairs = (("b", "a"), ("a", "b"), ("c", "b"), ("d", "d"))
    found = graph(dict.fromkeys("abcd", IN), *pairs, imports=[("b", "c")])
    assert found.circles == (("a", "b"), ("d",))


def test_folders_stand_for_their_units(diamond):
    found = by_folder(diamond)

    assert [(n.label, n.state) for n in found.nodes] == [
        ("./ (4 units)", "1 in-sync, 1 new, 2 stale"),
        ("lib/", "1 stale"),
    ]
    assert found.edges == (Edge("lib/", "./", Link.INCLUDE),)


def test_dot_quotes_names_and_dashes_imports(diamond):
    found = dot(graph({'x"\\y': IN}))

    assert '"x\\"\\\\y" [label="x\\"\\\\y\\nin-sync", fillcolor="#d7f0d7"];' in found
    assert '"b" -> "c" [style=dashed, constraint=false];' in dot(diamond)
    assert '"a" -> "b";' in dot(diamond)


def test_mermaid_has_no_sign_of_its_own_in_names(diamond):
    found = mermaid(graph({'x"];y': IN}))

    assert '  n0["x#34;#93;#59;y<br/>in-sync"]' in found.splitlines()
    assert "  n2 -.-> n3" in mermaid(diamond).splitlines()


def test_svg_is_well_formed_and_has_columns(diamond):
    found = ET.fromstring(svg(diamond).split("\n", 1)[1])  # noqa: S314 - our own
    space = "{http://www.w3.org/2000/svg}"

    boxes = [int(one.attrib["x"]) for one in found.iter(f"{space}rect")]
    texts = [one.text for one in found.iter(f"{space}text")]

    a, lone, b, c, d = boxes
    assert a == lone < b == c < d
    assert "lib/d" in texts
    assert len(list(found.iter(f"{space}line"))) == len(diamond.edges)


def test_svg_escapes_names():
    found = svg(graph({ODD: "<>"}))

    assert "a&amp;b's_python" in found
    assert "&lt;&gt;" in found


def test_nothing_can_be_drawn():
    nothing = graph({})

    assert tree(nothing) == []
    assert ET.fromstring(svg(nothing).split("\n", 1)[1]) is not None  # noqa: S314
