"""``doit graph`` as a user types it."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from project import ROOT, Project


SCHEMA = json.loads((ROOT / "docs/schemas/graph.schema.json").read_text("utf-8"))
MISSING = (
    "top_python imports lib/more_python, but its prompt does not include the"
    " example: <pdd-dependency>lib/more_python</pdd-dependency> would"
)


def prompt(name, *needed):
    lines = [f"Write {name}.", *(f"<include>{path}</include>" for path in needed)]
    return "\n".join(lines) + "\n"


@pytest.fixture
def project(tmp_path):
    """Return a project of four units; one imports what its prompt does not include."""
    found = Project.in_folder(tmp_path / "project")
    found.write("prompts/base_python.prompt", prompt("base"))
    found.write("prompts/lib/more_python.prompt", prompt("more"))
    needed = "examples/base_example.py"
    found.write("prompts/top_python.prompt", prompt("top", needed))
    found.write("prompts/apart_python.prompt", prompt("apart"))
    found.write(needed, "import base\n")
    found.write("src/top.py", "import base\nfrom lib import more\nimport json\n")
    return found


def test_a_tree_shows_states_and_imports_without_an_include(project):
    said = project.doit("graph")

    assert said.code == 0, said.text
    assert said.out.splitlines() == [
        "apart_python [new]",
        "base_python [new]",
        "└── top_python [new]",
        "lib/more_python [new]",
        MISSING,
    ]


def test_json_is_of_its_schema(project):
    found = json.loads(project.doit("graph", "--format=json").out)

    jsonschema.validate(found, SCHEMA)
    assert [unit["unit"] for unit in found["units"]] == [
        "apart_python",
        "base_python",
        "lib/more_python",
        "top_python",
    ]
    edges = {(e["needs"], e["kind"], e["included"]) for e in found["edges"]}
    assert edges == {
        ("base_python", "include", True),
        ("base_python", "import", True),
        ("lib/more_python", "import", False),
    }


@pytest.mark.parametrize(
    "language, file, text",
    [
        pytest.param("javascript", "top.js", 'import { a } from "./base.js";', id="js"),
        pytest.param("c", "top.c", '#include "base.h"', id="c"),
        pytest.param("rust", "top.rs", "use crate::base::add;", id="rust module"),
        pytest.param("java", "top.java", "import base;", id="java"),
    ],
)
def test_imports_are_read_in_other_languages(tmp_path, language, file, text):
    project = Project.in_folder(tmp_path / "project")
    for name in ("base", "top"):
        project.write(f"prompts/{name}_{language}.prompt", prompt(name))
    project.write(f"src/{file}", f"{text}\n")

    found = json.loads(project.doit("graph", "--format=json").out)

    edges = [(e["unit"], e["needs"]) for e in found["edges"]]
    assert edges == [(f"top_{language}", f"base_{language}")]


@pytest.mark.parametrize(
    "form, begin", [("dot", "digraph"), ("mermaid", "flowchart"), ("svg", "<")]
)
def test_a_selection_is_written_into_a_file(project, form, begin):
    before = project.contents()

    said = project.doit("graph", "+top", "--format", form, "--out", "graph.txt")

    assert (said.code, said.out) == (0, ""), said.text
    text = project.read("graph.txt")
    assert text.lstrip().startswith(begin)
    assert "top_python" in text
    assert "apart_python" not in text
    del before["dodo.py"]
    assert before.items() <= project.contents().items()
    assert len(project.contents()) == len(before) + 2


def test_svg_without_graphviz_is_well_formed(project, tmp_path):
    (tmp_path / "empty").mkdir()

    said = project.doit("graph", "--format=svg", PATH=str(tmp_path / "empty"))

    found = ET.fromstring(said.out.split("\n", 1)[1])  # noqa: S314 - our own
    assert found.tag.endswith("svg")


def test_many_units_are_shown_by_folder_unless_all_are_asked_for(project):
    for number in range(100):
        project.write(f"prompts/many/u{number}_python.prompt", prompt("it"))

    folders = project.doit("graph").out
    everything = project.doit("graph", "--all-units").out

    assert "many/ (100 units) [100 new]" in folders.splitlines()
    assert "many/u7_python [new]" in everything.splitlines()


@pytest.mark.parametrize(
    "words, why",
    [
        pytest.param(("--format=png",), "expected tree, dot", id="format"),
        pytest.param(("--out=nowhere/graph",), "cannot be written", id="file"),
        pytest.param(("bose",), "the nearest are base", id="unit"),
    ],
)
def test_what_cannot_be_had_is_refused(project, words, why):
    said = project.doit("graph", *words)

    assert said.code == 3
    assert why in said.err
    assert "Traceback" not in said.err
    assert Path(project.root / "graph").exists() is False
