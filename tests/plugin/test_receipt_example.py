"""The example of two units: the second includes the example of the first."""

import shutil

import pytest
from surface import owned


BLOCK = "<include>examples/price_example.py</include>"


@pytest.fixture(scope="module")
def synced(tmp_path_factory):
    return owned("receipt", tmp_path_factory.mktemp("receipt"))


@pytest.fixture
def project(synced, tmp_path):
    made, _ = synced
    root = tmp_path / "receipt"
    shutil.copytree(made.root, root)
    return type(made)(root)


def test_both_are_made_from_recorded_replies_the_needed_one_first(synced):
    project, said = synced
    assert said.code == 0, said.text
    assert BLOCK in project.read("prompts/receipt_python.prompt")
    begun = [line.split(":")[0] for line in said.out.splitlines() if line[0] != " "]
    assert begun.index("price_python crash") < begun.index("receipt_python generate")
    last = said.out.splitlines()[-1]
    assert last.startswith("sync: 2 units in sync; 12 steps run; 0 live calls")


def test_a_second_run_does_nothing_and_changes_no_file(synced):
    project, _ = synced
    before = project.files()
    said = project.doit("sync")
    assert said.out == "sync: 2 units in sync; nothing to do\n"
    assert project.files() == before


def test_a_comment_in_the_first_example_leaves_the_second_in_sync(project):
    path = "examples/price_example.py"
    project.write(path, f"# Prices, in cents.\n{project.read(path)}")
    said = project.doit("pending", "receipt")
    assert said.out == "1 of 1 units in sync\n"


def test_what_the_first_shows_anew_makes_the_second_stale(project):
    path = "examples/price_example.py"
    project.write(path, f"{project.read(path)}\nprint(format_price(cents=7))\n")
    said = project.doit("pending", "receipt")
    assert "receipt_python generate: " in said.out
    assert "examples/price_example.py" in said.out


def test_the_second_is_selected_with_what_it_needs(project):
    said = project.doit("pending", "+receipt")
    assert said.code == 0, said.text
    assert said.out == "2 of 2 units in sync\n"
    shown = project.doit("graph").out
    assert shown.index("price_python") < shown.index("receipt_python")


def test_a_unit_that_was_only_needed_is_not_called_in_sync(project):
    assert project.doit("forget", "sync:price_python:verify").code == 0
    said = project.doit("sync:receipt")
    end = "sync: 1 unit in sync; 1 done as far as needed; nothing to do\n"
    assert (said.code, said.out) == (0, end)
    assert project.doit("sync").code == 0
    said = project.doit("sync:receipt")
    assert said.out == "sync: 2 units in sync; nothing to do\n"
