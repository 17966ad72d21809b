"""A whole sync that replaces a person's bytes, in a repository that is in use."""

import shutil

import pytest
from git_scenes import witness
from surface import git, live, server_of


CODE = "src/calculator.py"
PROMPT = "prompts/calculator_python.prompt"
pytestmark = [
    pytest.mark.git,
    pytest.mark.skipif(shutil.which("git") is None, reason="there is no git"),
]


@pytest.mark.slow
def test_a_sync_leaves_the_repository_alone_and_what_it_replaced_is_put_back(synced):
    old = synced.read(CODE)
    new = f"{old}\n_UNUSED = 1\n"
    in_use(synced)
    before = in_git(synced)

    said = forced(synced, new)

    assert said.code == 0, said.text
    assert synced.read(CODE) == new
    assert in_git(synced) == before
    assert "a copy of the code is in refs/pdd/safety/" in said.out
    assert not (synced.root / ".pdd/safety").exists()
    row = synced.doit("undo").out.splitlines()[1]
    assert CODE in row
    assert "the prompt changed" in row

    undone = synced.doit("undo", row.split()[0])

    assert undone.code == 0, undone.text
    assert synced.read(CODE) == old
    assert in_git(synced) == before
    assert synced.doit("undo", "calculator", "--last").code == 0
    assert synced.read(CODE) == new


def in_use(project):
    """Make a repository of a project whose code is a person's, and stage something."""
    git(project, "init", "-q", "-b", "main")
    git(project, "add", "-A")
    git(project, "commit", "-qm", "x")
    shutil.rmtree(project.root / ".pdd/meta")
    assert project.doit().code == 0  # what stands is adopted
    project.write("src/staged.py", "staged = 1\n")
    git(project, "add", "src/staged.py")
    project.write("src/staged.py", "and_changed = 1\n")


def forced(project, code):
    """Change the prompt and let the code be replaced, as the model says."""
    project.write(PROMPT, project.read(PROMPT) + "- It keeps a name.\n")
    with server_of(generate=f"```python\n{code}```") as server:
        words = live(server, "sync:calculator_python:generate")
        return project.doit(*words, "force=1")


def in_git(project):
    return {n: f for n, f in witness(project.root).items() if n.startswith(".git/")}
