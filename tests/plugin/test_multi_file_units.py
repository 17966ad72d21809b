"""A unit of C, which is a header and a source, through what happens to units."""

import json
import shutil
from pathlib import Path

import pytest
from model_server import ModelServer, Say
from project import Project
from surface import kind, kinds, live, steps

from pdd_tasks.core.prompt.requirement import requirements


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("gcc"), reason="gcc is not here"),
]

CASE = Path(__file__).parents[1] / "cases" / "unit" / "c"
UNIT = "sync:clamp_c"
SOURCE, HEADER = "src/clamp.c", "src/clamp.h"
PROMPT = "prompts/clamp_c.prompt"
WIDER = (
    "\n/* Tells whether a value is between the bounds. */\n"
    "bool within(int value, int lowest, int highest);\n"
)
WITHIN = (
    "\nbool within(int value, int lowest, int highest)\n{\n"
    "    return lowest <= value && value <= highest;\n}\n"
)


def text(name):
    return (CASE / f"{name}.md").read_text()


def verdict(prompt):
    items = [
        {"id": name, "verdict": "met", "quote": "clamp"}
        for name in requirements(prompt)
    ]
    return json.dumps({"requirements": items, "confidence": 1.0})


def server(**replies):
    usual = {name: text(name) for name in ("generate", "example", "test")}
    said = {**usual, "verify": verdict(text("prompt")), **replies}
    return ModelServer(lambda body: Say(said[kind(body)]))


def synced(folder):
    project = Project.in_folder(folder)
    project.write(PROMPT, text("prompt"))
    with server() as model:
        said = project.doit(*live(model, UNIT))
    assert said.code == 0, said.text
    return project


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return synced(tmp_path_factory.mktemp("c-unit"))


@pytest.fixture
def project(made, tmp_path):
    shutil.copytree(made.root, tmp_path / "copy")
    return Project(tmp_path / "copy")


def wider(project):
    """Return the reply of a prompt that asks for one more function."""
    prompt = project.read(PROMPT) + "- within tells whether a value is between.\n"
    project.write(PROMPT, prompt)
    files = {
        SOURCE: project.read(SOURCE).replace("// mine\n", "") + WITHIN,
        HEADER: project.read(HEADER).replace("\n#endif", f"{WIDER}\n#endif"),
    }
    parts = (f"File: {path}\n\n```c\n{body}```\n" for path, body in files.items())
    return "\n".join(parts), verdict(prompt)


def test_a_header_that_is_deleted_comes_back(project):
    before = project.read(HEADER)
    (project.root / HEADER).unlink()
    assert ("generate", "generate") in project.pending("clamp")
    with server() as model:
        said = project.doit(*live(model, UNIT))
        assert said.code == 0, said.text
        assert "generate" in steps(said)
    assert project.read(HEADER) == before


def test_the_fingerprint_names_every_file(project):
    record = json.loads(project.read(".pdd/meta/clamp_c.json"))
    assert record["steps"]["generate"]["outputs"].keys() == {SOURCE, HEADER}


def test_an_edit_of_the_source_is_merged_with_a_wider_header(project):
    project.write(
        SOURCE, project.read(SOURCE).replace("bool clamp", "// mine\nbool clamp")
    )
    reply, judged = wider(project)
    with server(generate=reply, verify=judged) as model:
        said = project.doit(*live(model, UNIT))
        again = project.doit(*live(model, UNIT))
    assert said.code == 0, said.text
    assert "// mine\nbool clamp" in project.read(SOURCE)
    assert "within" in project.read(SOURCE)
    assert WIDER in project.read(HEADER)
    assert again.out == "sync: 1 unit in sync; nothing to do\n"


def test_what_replaced_both_files_is_undone_for_both(project):
    mine = {path: project.read(path) + "/* mine */\n" for path in (SOURCE, HEADER)}
    for path, body in mine.items():
        project.write(path, body)
    (project.root / ".pdd/meta/clamp_c.json").unlink()
    reply, judged = wider(project)
    reply = reply.replace("/* mine */\n", "")
    with server(generate=reply, verify=judged) as model:
        adopted = project.doit(*live(model, UNIT))
        assert adopted.code == 0, adopted.text
        project.write(PROMPT, project.read(PROMPT) + "- No more than that.\n")
        judged = verdict(project.read(PROMPT))
    with server(generate=reply, verify=judged) as model:
        said = project.doit(*live(model, UNIT, "force=1"))
    assert said.code == 0, said.text
    assert "mine" not in project.read(SOURCE) + project.read(HEADER)
    undone = project.doit("undo", "clamp", "--last")
    assert undone.code == 0, undone.text
    assert {path: project.read(path) for path in mine} == mine


def test_a_changed_body_leaves_the_example_and_a_changed_header_does_not(project):
    body = text("generate").replace(
        "*found = value < lowest", "*found = lowest > value"
    )
    with server(generate=body) as model:
        project.doit("forget", f"{UNIT}:generate")
        said = project.doit(*live(model, UNIT, "replies=refresh"))
        assert said.code == 0, said.text
        assert "example" not in kinds(model)
    reply, judged = wider(project)
    with server(generate=reply, verify=judged) as model:
        said = project.doit(*live(model, UNIT))
        assert said.code == 0, said.text
        assert "example" in kinds(model)


def test_files_that_do_not_merge_are_chosen_one_after_the_other(project):
    source, header = project.read(SOURCE), project.read(HEADER)
    project.write(SOURCE, source.replace("*found = ", "*found = 0 + "))
    project.write(HEADER, header.replace("int *found", "int *mine"))
    prompt = project.read(PROMPT) + "- No more than that.\n"
    project.write(PROMPT, prompt)
    theirs = text("generate").replace("*found = ", "*found = 0 | ")
    theirs = theirs.replace("int *found);", "int *theirs);")
    with server(generate=theirs, verify=verdict(prompt)) as model:
        waits = project.doit(*live(model, UNIT))
        first = project.doit("merge", "clamp", "--generated")
        second = project.doit("merge", "clamp", "--mine")
        rest = project.doit(*live(model, UNIT))
    assert (waits.code, first.code, second.code) == (4, 4, 0), first.text + second.text
    assert f"doit merge clamp_c ({HEADER} waits as well)" in first.out
    assert rest.code == 0, rest.text
    assert "0 | " in project.read(SOURCE)
    assert "int *mine" in project.read(HEADER)
