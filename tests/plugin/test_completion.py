"""Shells complete units, steps, selectors, options and settings."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from project import Project, clean_environment
from surface import unit_project

from pdd_tasks.plugin.completion import Command, Known, Word, completed


KNOWN = Known(
    commands={
        "list": Command(about="list tasks", usage="[TASK ...]", options=()),
        "log": Command(
            about="show",
            usage="[SELECTION ...] [--step STEP]",
            options=(Word("--step="), Word("--out="), Word("--json")),
        ),
        "doctor": Command(about="look", usage="[--json]", options=(Word("--json"),)),
        "run": Command(about="run", usage="[TASK ...]", options=(Word("--always"),)),
    },
    units=(Word("backend/a_python"), Word("a_python"), Word("a", "all its languages")),
    tasks=(Word("build", "of the user's own"),),
)


@pytest.mark.parametrize(
    "line, words",
    [
        pytest.param("doit l", "list log", id="command"),
        pytest.param("doit b", "build", id="own task"),
        pytest.param("doit sy", "sync sync:", id="all"),
        pytest.param("doit sync:a", "sync:a_python sync:a sync:affected:", id="unit"),
        pytest.param("doit list sync:b", "sync:backend/a_python", id="after list"),
        pytest.param("doit list a", "", id="doit knows tasks alone"),
        pytest.param("doit log a", "a_python a affected:", id="after ours"),
        pytest.param("doit log sync:b", "sync:backend/a_python", id="ours, as a task"),
        pytest.param("doit doctor a", "", id="takes none"),
        pytest.param("doit sync:+a_", "sync:+a_python", id="needed"),
        pytest.param("doit log @a_", "@a_python", id="both ways"),
        pytest.param("doit log a_python:f", "a_python:fix", id="step"),
        pytest.param(
            "doit sync:state:c", "sync:state:conflict sync:state:cut-off", id="state"
        ),
        pytest.param("doit log result:fa", "result:failed", id="result"),
        pytest.param("doit log state:stale:ge", "state:stale:generate", id="both"),
        pytest.param("doit log affected:m", "", id="revision"),
        pytest.param("doit log --", "--step= --out= --json", id="options"),
        pytest.param("doit --al", "--always", id="options of run"),
        pytest.param("doit log --step cr", "crash", id="value"),
        pytest.param("doit log --step=cr", "--step=crash", id="value with a sign"),
        pytest.param("doit log --out a", "", id="file"),
        pytest.param("doit log --out=a", "", id="file with a sign"),
        pytest.param(
            "doit sync replies=re",
            "replies=record replies=replay replies=refresh",
            id="choice",
        ),
        pytest.param("doit sync budget=1", "", id="no choice"),
        pytest.param("doit sync nonsense=", "", id="no setting"),
        pytest.param("doit log budg", "", id="no settings of ours"),
    ],
)
def test_what_may_stand_there_is_offered(line, words):
    assert [word.text for word in completed(line, KNOWN)] == words.split()


def test_settings_are_offered_once_something_is_typed():
    assert "budget=" in [word.text for word in completed("doit sync b", KNOWN)]
    assert "budget=" not in [word.text for word in completed("doit sync ", KNOWN)]


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    return unit_project(tmp_path_factory.mktemp("units"), "calculator", "roman")


def shell(project: Project, *words: str) -> str:
    """Return what a shell prints in a project, with doit on the path."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    home = {"HOME": str(project.root), "XDG_CONFIG_HOME": str(project.root)}
    done = subprocess.run(
        words,
        cwd=project.root,
        env={**clean_environment(), **home, "PATH": path, "TERM": "dumb"},
        check=True,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
    )
    return done.stdout


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"no {program}")


BASH = """
source <(doit completion bash)
for COMP_LINE in "$@"; do
    COMP_POINT=${#COMP_LINE}
    _doit_pdd
    echo "${COMPREPLY[*]}"
done
COMP_WORDBREAKS=" "
_doit_pdd
echo "${COMPREPLY[*]}"
"""


@needs("bash")
def test_bash_replaces_what_it_takes_for_the_last_word(project):
    lines = ("doit sync:cal", "doit pending --jun", "doit sync:roman:ge")
    said = shell(project, "bash", "-c", BASH, "bash", *lines)
    assert said.splitlines() == [
        "calculator_python calculator",
        "--junit-xml=",
        "generate",
        "sync:roman:generate",
    ]


ZSH = """
zmodload zsh/zpty
zpty z 'zsh -f -i'
zpty -w z "unsetopt prompt_sp; autoload -Uz compinit && compinit -u -D"
zpty -w z "source <(doit completion zsh); echo re''ady"
zpty -r z out '*ready'$'\r'$'\n''*'
zpty -w -n z $'doit pending sync:roman_p\t'
zpty -r z out '*roman_python *'
print -r -- "$out"
zpty -w -n z $'state:st\t'
zpty -r z out '*state:stale *'
print -r -- "$out"
zpty -d z
"""


@needs("zsh")
def test_zsh_completes_units_and_states(project):
    said = shell(project, "zsh", "-f", "-c", ZSH)
    assert "sync:roman_python " in said
    assert "state:stale " in said


@needs("fish")
def test_fish_completes_units_options_and_files(project):
    script = "doit completion fish | source; for line in $argv; complete -C $line; end"
    lines = ("doit sync:cal", "doit pending --juni", "doit pending --junit-xml dod")
    said = shell(project, "fish", "-c", script, *lines)
    assert [line.split("\t")[0] for line in said.splitlines()] == [
        "sync:calculator",
        "sync:calculator_python",
        "--junit-xml=",
        "dodo.py",
    ]


def test_a_script_needs_no_project_and_commands_none_either(tmp_path):
    nowhere = Project(tmp_path)
    assert "complete -o default" in nowhere.doit("completion", "bash").out
    words = nowhere.doit("completion", "words", DOIT_COMPLETE_LINE="doit pend")
    assert (words.code, words.err) == (0, "")
    assert words.out.startswith("pending\t")


def test_what_is_no_shell_is_refused_with_those_that_are(project):
    said = project.doit("completion", "tcsh")
    assert said.code == 3
    assert "bash, zsh, fish" in said.err
