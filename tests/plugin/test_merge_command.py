"""``doit merge`` as people and scripts call it, with and without a terminal."""

import shutil
import subprocess
import sys

import pytest
from conflicts import CODE_PATH, MINE, PROMPT_PATH, THEIRS, UNIT, conflicted
from project import Project, clean_environment
from surface import git
from terminal import Terminal


FILE = f"{CODE_PATH}.pdd-conflict"
BOTH_EDITS = MINE.replace("return a - b", "return -(b - a)")
SUM, MY_SUM = "    return sum((a, b))\n", "    return b + a\n"
STATE = (".pdd/",)


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    return conflicted(tmp_path_factory.mktemp("conflict") / "project")


@pytest.fixture
def project(original, tmp_path):
    shutil.copytree(original.root, tmp_path / "project")
    return Project(tmp_path / "project")


def sources(project):
    """Return all files that are not the program's own."""
    files = project.contents()
    return {name: data for name, data in files.items() if not name.startswith(STATE)}


def is_decided(project):
    """Return whether no conflict waits any more."""
    return ("generate", "stop") not in project.pending()


# --- without a terminal ------------------------------------------------------------


def test_without_a_terminal_a_conflict_file_lies_beside_the_code(project):
    before = sources(project)

    said = project.doit("merge")
    again = project.doit("merge", UNIT)

    assert (said.code, again.code) == (4, 4), said.text
    assert f"decide it in {FILE}" in said.out
    assert f"doit merge {UNIT} --continue" in said.out
    assert sources(project) == before | {FILE: project.read(FILE).encode()}
    assert project.read(FILE) == BOTH_EDITS.replace(
        MY_SUM,
        f"<<<<<<< mine (def add(a, b):)\n{MY_SUM}||||||| base\n    return a + b\n"
        f"=======\n{SUM}>>>>>>> generated\n",
    )


def test_an_edited_conflict_file_is_taken_and_goes_away(project):
    project.doit("merge")
    text = BOTH_EDITS.replace(MY_SUM, "    return 0 + a + b\n")
    project.write(FILE, text)

    said = project.doit("merge", "calculator", "--continue")

    assert said.code == 0, said.text
    assert "what you chose is recorded" in said.out
    assert project.read(CODE_PATH) == text
    assert not (project.root / FILE).exists()
    assert is_decided(project)
    assert project.doit("merge").out == "no conflict waits\n"


def test_a_marker_that_is_left_is_named_with_its_line(project):
    project.doit("merge")
    before = project.contents()

    said = project.doit("merge", UNIT, "--continue")

    assert said.code == 4
    assert f"{FILE}:6: this conflict is not decided yet" in said.err
    assert project.contents() == before


def test_an_edit_of_the_code_in_the_meantime_is_not_lost(project):
    project.doit("merge")
    project.write(FILE, THEIRS)
    project.write(CODE_PATH, MINE + "# more\n")

    said = project.doit("merge", UNIT, "--continue")

    assert said.code == 4
    assert "no conflict waits that a conflict file could be of" in said.err
    assert project.read(CODE_PATH) == MINE + "# more\n"
    assert project.read(FILE) == THEIRS


def test_a_conflict_file_of_other_texts_is_neither_taken_nor_replaced(project):
    project.doit("merge")
    text = project.read(FILE)
    shutil.rmtree(project.root / ".pdd/cache/merge")

    said = project.doit("merge", UNIT, "--continue")
    again = project.doit("merge", UNIT)

    assert said.code == again.code == 4
    assert f"{FILE} is not of the texts that wait now" in said.err
    assert project.read(FILE) == text


def test_without_a_conflict_file_there_is_nothing_to_continue(project):
    said = project.doit("merge", UNIT, "--continue")

    assert said.code == 4
    assert f"there is no {FILE}" in said.err


@pytest.mark.git
@pytest.mark.parametrize("style", ["merge", "other"])
def test_conflicts_are_written_as_git_is_set_to(project, style):
    git(project, "init", "-q")
    git(project, "config", "merge.conflictStyle", style)

    project.doit("merge")

    assert ("||||||| base" in project.read(FILE)) is (style != "merge")


@pytest.mark.parametrize(
    "words, text",
    [
        pytest.param(["--mine"], MINE, id="mine"),
        pytest.param(["--generated"], THEIRS, id="generated"),
        pytest.param(["--from", "mine.txt"], BOTH_EDITS, id="from a file"),
    ],
)
def test_a_script_decides_without_being_asked(project, words, text):
    project.write("mine.txt", BOTH_EDITS)

    said = project.doit("merge", UNIT, *words)

    assert said.code == 0, said.text
    assert project.read(CODE_PATH) == text
    assert is_decided(project)


@pytest.mark.parametrize(
    "words, code, message",
    [
        pytest.param(
            ["--mine"], 3, "--mine decides for exactly one unit", id="no unit"
        ),
        pytest.param(
            ["*", "--mine"], 3, "one unit: calculator_python, other_python", id="two"
        ),
        pytest.param(
            [UNIT, "--mine", "--continue"],
            3,
            "--mine and --continue exclude each other",
            id="two answers",
        ),
        pytest.param([UNIT, "--tui"], 3, "--tui needs a terminal", id="no terminal"),
        pytest.param([UNIT, "--from", "no.txt"], 4, "no.txt cannot be read", id="none"),
        pytest.param(
            [UNIT, "--from", "x.bin"], 4, "x.bin cannot be read", id="no text"
        ),
        pytest.param([UNIT, "--from", "x.py"], 3, "does not parse", id="broken"),
        pytest.param(["nobody"], 3, "nobody", id="no such unit"),
    ],
)
def test_what_cannot_be_done_is_refused_and_changes_nothing(
    project, words, code, message
):
    project.write("prompts/other_python.prompt", "Write something else.\n")
    project.write("x.py", "def add(:\n")
    (project.root / "x.bin").write_bytes(b"\xff")
    before = sources(project)

    said = project.doit("merge", *words)

    assert said.code == code, said.text
    assert message in said.text
    assert "Traceback" not in said.text
    assert sources(project) == before


def test_a_unit_without_a_conflict_is_told_so(project):
    project.doit("merge", UNIT, "--mine")

    said = project.doit("merge", UNIT, "--keys")

    assert (said.code, said.out) == (0, f"{UNIT}: no conflict waits\n")


# --- keys ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "keys, text",
    [
        pytest.param("gsy", BOTH_EDITS.replace(MY_SUM, SUM), id="generated"),
        pytest.param("m\ns\ny\n", BOTH_EDITS, id="with line ends"),
        pytest.param("m", None, id="the pipe ends"),
        pytest.param("q", None, id="quit"),
    ],
)
def test_keys_may_come_over_a_pipe(project, keys, text):
    before = sources(project)

    said = subprocess.run(
        [sys.executable, "-m", "doit", "merge", UNIT, "--keys"],
        cwd=project.root,
        env=clean_environment(),
        input=keys,
        capture_output=True,
        text=True,
        check=False,
    )

    assert said.returncode == (4 if text is None else 0), said.stderr
    if text is None:
        assert "nothing was written" in said.stdout
        assert sources(project) == before
    else:
        assert project.read(CODE_PATH) == text


# --- a terminal ----------------------------------------------------------------------


@pytest.fixture
def terminal(project):
    """Return what starts doit in a terminal of its own."""
    started = []

    def start(*words, **variables):
        started.append(Terminal(project.root, ["doit", *words], variables))
        return started[-1]

    yield start
    for one in started:
        one.close()


def test_real_keys_decide_a_conflict(project, terminal):
    shown = terminal("merge")
    shown.waits_for("? help")
    shown.types("g")
    shown.waits_for("all is decided")
    shown.types("s")
    shown.waits_for("save this?")
    shown.types("y")

    assert shown.ends() == 0, shown.text
    assert project.read(CODE_PATH) == BOTH_EDITS.replace(MY_SUM, SUM)
    assert shown.is_as_before


@pytest.mark.parametrize(
    "keys, code",
    [
        pytest.param("q", 4, id="quit"),
        pytest.param("\x03", 130, id="interrupted"),
        pytest.param("\x1b[Ag\x03", 130, id="after an arrow and a choice"),
        pytest.param("\x04", 4, id="the end of the input"),
    ],
)
def test_who_leaves_changes_no_byte(project, terminal, keys, code):
    before = sources(project)
    shown = terminal("merge", UNIT)
    shown.waits_for("? help")
    shown.types(keys)

    assert shown.ends() == code, shown.text
    assert "nothing was written" in shown.text
    assert sources(project) == before
    assert shown.is_as_before


def test_a_hunk_is_edited_in_the_editor(project, terminal):
    editor = project.root / "editor.sh"
    editor.write_text("#!/bin/sh\necho '    return 5' > \"$1\"\n")
    editor.chmod(0o700)
    shown = terminal("merge", UNIT, EDITOR=str(editor), VISUAL="")
    shown.waits_for("? help")
    shown.types("e")
    shown.waits_for("· edited")
    shown.types("s")
    shown.waits_for("save this?")
    shown.types("y")

    assert shown.ends() == 0, shown.text
    assert project.read(CODE_PATH) == BOTH_EDITS.replace(MY_SUM, "    return 5\n")


def test_a_full_screen_decides_a_conflict(project, terminal):
    shown = terminal("merge", UNIT, "--tui")
    shown.waits_for("undecided")
    shown.types("g")
    shown.waits_for("generated; 0 undecided")
    shown.types("s")
    shown.waits_for("(merged)")
    shown.types("y")

    assert shown.ends() == 0, shown.text
    assert project.read(CODE_PATH) == BOTH_EDITS.replace(MY_SUM, SUM)
    assert shown.is_as_before


def test_a_run_that_is_interactive_asks_and_goes_on(project, terminal):
    shown = terminal("sync:calculator_python:generate", "interactive=1")
    shown.waits_for("? help")
    shown.types("m")
    shown.waits_for("all is decided")
    shown.types("sy")

    assert shown.ends() == 0, shown.text
    assert project.read(CODE_PATH) == BOTH_EDITS
    assert "calculator_python generate" in shown.text


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(
            ["-n", "2", "-P", "thread", "interactive=1"], id="not in parallel"
        ),
        pytest.param([], id="not without being told to"),
    ],
)
def test_other_runs_do_not_ask(project, terminal, words):
    before = sources(project)
    shown = terminal("run", *words[:4], "sync:calculator_python:generate", *words[4:])

    assert shown.ends() == 4, shown.text
    assert "WAITS FOR YOU" in shown.text
    assert sources(project) == before


def test_a_run_that_is_left_in_the_wizard_still_waits(project, terminal):
    before = sources(project)
    shown = terminal("sync:calculator_python:generate", "interactive=1")
    shown.waits_for("? help")
    shown.types("q")

    assert shown.ends() == 4, shown.text
    assert "WAITS FOR YOU" in shown.text
    assert sources(project) == before
    assert shown.is_as_before


def test_the_prompt_is_as_it_was(project):
    before = project.read(PROMPT_PATH)
    project.doit("merge", UNIT, "--generated")

    assert project.read(PROMPT_PATH) == before
