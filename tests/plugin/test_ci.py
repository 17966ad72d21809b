"""What docs/ci gives to copy does what it says, in a copy of an example."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from project import ROOT, Project, clean_environment
from repository import NEEDS_GIT, Repository, git_environment
from surface import owned


pytestmark = NEEDS_GIT
Done = subprocess.CompletedProcess[str]
CI = ROOT / "docs/ci"
UNIT = "calculator_python"
CODE = "src/calculator.py"
PROMPT = "prompts/calculator_python.prompt"
META = f".pdd/meta/{UNIT}.json"
RUN = f".pdd/meta/{UNIT}_run.json"
WORKFLOWS = [
    pytest.param("github.yml", id="github"),
    pytest.param("code-scanning.yml", id="code scanning"),
    pytest.param("gitlab.yml", id="gitlab"),
]


def environment(**variables: str) -> dict[str, str]:
    """Return an environment in which doit is on the path, without a key."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    git = {n: v for n, v in git_environment().items() if n.startswith("GIT_")}
    return {**clean_environment(), **git, "PATH": path, **variables}


def run(
    root: Path, *words: str, **variables: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        words,
        cwd=root,
        env=environment(**variables),
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def commands(file: str) -> list[str]:
    """Return the shell commands of a workflow, those that install left out."""
    found = [
        text for job in jobs(yaml.safe_load((CI / file).read_text())) for text in job
    ]
    return [text for text in found if not text.startswith("pip install")]


def jobs(workflow: dict[str, Any]) -> list[list[str]]:
    if "jobs" not in workflow:  # GitLab's
        return [job["script"] for job in workflow.values()]
    return [
        [step["run"] for step in job["steps"] if "run" in step]
        for job in workflow["jobs"].values()
    ]


@pytest.fixture
def committed(synced: Project) -> Project:
    """Return a user's calculator, in sync and committed."""
    Repository(synced.root).commit()
    return synced


@pytest.mark.parametrize("file", WORKFLOWS)
def test_a_workflow_passes_without_a_key_where_all_is_in_sync(committed, file):
    for command in commands(file):
        done = run(committed.root, "bash", "-e", "-c", command, CI="true")
        assert done.returncode == 0, done.stdout + done.stderr
    assert run(committed.root, "git", "diff", "--exit-code").returncode == 0


@pytest.mark.parametrize("file", ["github.yml", "gitlab.yml"])
def test_a_workflow_fails_at_drift(committed, file):
    committed.write(CODE, committed.read(CODE) + "\nA = 1\n")
    done = run(committed.root, "bash", "-e", "-c", commands(file)[0], CI="true")
    assert done.returncode == 1
    assert f"{UNIT} drift: code-edited: {CODE}" in done.stdout


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")
def test_the_makefile_syncs_and_checks(committed):
    shutil.copy(CI / "Makefile", committed.root)
    assert run(committed.root, "make", "check").returncode == 0

    (committed.root / CODE).unlink()
    done = run(committed.root, "make", "check", "UNITS=calculator")
    assert done.returncode == 2  # make's own
    assert f"{UNIT} drift: file-missing: {CODE}" in done.stdout

    assert run(committed.root, "make", "UNITS=calculator", CI="1").returncode == 0
    assert run(committed.root, "make", "check").returncode == 0


def edited(project: Project) -> Project:
    """Return a project, committed, with the hook and with an edit of the code."""
    hook = project.root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    shutil.copy(CI / "pre-commit", hook)
    hook.chmod(hook.stat().st_mode | stat.S_IXUSR)
    project.write(CODE, project.read(CODE) + "\nA = 1\n")
    return project


@pytest.fixture
def hooked(committed: Project) -> Project:
    return edited(committed)


@pytest.fixture(scope="module")
def template(first_calculator, tmp_path_factory) -> Project:
    """Return a project whose edit was adopted, so that all is in sync again."""
    root = tmp_path_factory.mktemp("adopted") / "calculator"
    shutil.copytree(first_calculator[0].root, root)
    Repository(root).commit()
    project = edited(Project(root))
    assert project.doit("reset-dep", f"sync:{UNIT}").code == 0
    assert project.doit("sync", CI="1").code == 0
    return project


@pytest.fixture
def adopted(template: Project, tmp_path: Path) -> Project:
    shutil.copytree(template.root, tmp_path / "adopted")
    return Project(tmp_path / "adopted")


def commit(project: Project, *staged: str) -> Done:
    if staged:
        run(project.root, "git", "add", "--", *staged)
    return run(project.root, "git", "commit", "-m", "x")


def test_the_hook_refuses_code_that_drifted(hooked):
    done = commit(hooked, CODE)
    assert done.returncode == 1
    assert f"{UNIT} drift: code-edited: {CODE}" in done.stdout + done.stderr


@pytest.mark.parametrize(
    "staged, missing",
    [
        pytest.param([CODE], [META, RUN], id="code without its fingerprint"),
        pytest.param([META, RUN], [CODE], id="fingerprint without its code"),
        pytest.param([CODE, META], [RUN], id="without the run report"),
    ],
)
def test_the_hook_names_what_is_not_staged_with_the_rest(adopted, staged, missing):
    done = commit(adopted, *staged)
    said = done.stdout + done.stderr

    assert done.returncode == 1, said
    command = f"git add -- {' '.join(missing)}"
    assert f"{UNIT} drift: staged-apart: " in said
    assert said.splitlines()[0].endswith(f"; {command}")

    assert run(adopted.root, *command.split()).returncode == 0
    assert commit(adopted).returncode == 0


def test_the_hook_looks_at_what_is_staged_and_not_at_the_disk(adopted):
    run(adopted.root, "git", "add", "-A")
    adopted.write(CODE, adopted.read(CODE) + "\nB = 1\n")  # not for this commit

    done = commit(adopted)

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_hook_sees_the_files_of_a_commit_that_names_them(adopted):
    """Such a commit has an index of its own."""
    done = run(adopted.root, "git", "commit", "-m", "x", "--", CODE)
    assert done.returncode == 1
    assert "staged-apart" in done.stdout + done.stderr
    assert run(adopted.root, "git", "commit", "-m", "x", "-a").returncode == 0


def test_the_hook_lets_pass_what_is_no_unit(hooked):
    hooked.write("README.md", "text\n")
    assert commit(hooked, "README.md").returncode == 0


def test_a_project_that_ignores_what_is_made_is_looked_at_as_it_stands(synced):
    made = "src/\nexamples/\ntests/\n.pdd/\n"
    synced.write(".gitignore", made)
    Repository(synced.root).commit()
    synced.write(PROMPT, synced.read(PROMPT) + "\n")
    run(synced.root, "git", "add", PROMPT)
    assert synced.doit("pending", "--staged", "--exit-code").code == 0

    synced.write(PROMPT, synced.read(PROMPT) + "- More.\n")
    run(synced.root, "git", "add", PROMPT)
    said = synced.doit("pending", "--staged", "--exit-code")
    assert (said.code, f"{UNIT} drift: prompt-moved" in said.out) == (1, True)


def test_staged_changes_are_told_to_programs_too(adopted):
    run(adopted.root, "git", "add", CODE)
    said = adopted.doit("pending", "--staged", "--json")
    assert f'"mend": "git add -- {META} {RUN}"' in said.out


def test_without_a_repository_nothing_can_be_staged(synced):
    said = synced.doit("pending", "--staged", GIT_CEILING_DIRECTORIES="/")
    assert said.code == 3, said.text
    assert "--staged: git cannot tell what is staged" in said.err


@pytest.mark.slow
def test_a_unit_that_needs_one_that_is_staged_is_looked_at(tmp_path):
    project, _ = owned("receipt", tmp_path)
    Repository(project.root).commit()
    example = "examples/price_example.py"
    project.write(example, "from price import other\n\n\nprint(other(1))\n")
    run(project.root, "git", "add", example)

    said = project.doit("pending", "--staged")

    assert f"price_python drift: example-edited: {example}:1" in said.out
    assert "receipt_python drift: dependency-moved: " in said.out


def test_the_hook_for_pre_commit_is_the_same_command():
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert f"exec {hook['entry']}\n" in (CI / "pre-commit").read_text()
    assert hook["pass_filenames"] is False
