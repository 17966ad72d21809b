"""``doit merge`` as people and scripts call it, with and without a terminal."""

import shutil
import signal
import subprocess
import sys
from dataclasses import replace

import pytest
from conflicts import CODE_PATH, MINE, PROMPT_PATH, THEIRS, UNIT, conflicted
from project import Project, clean_environment
from surface import git
from terminal import Terminal

from pdd_tasks.core.merge.result import Merged, Method
from pdd_tasks.engine.resolution import open_conflict
from pdd_tasks.errors import ConflictError, PddError
from pdd_tasks.plugin.choosing import chosen, text_of
from pdd_tasks.plugin.project import Project as Units
from pdd_tasks.plugin.wizard.conflict_file import ConflictFile
from pdd_tasks.plugin.wizard.face import Mode


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


def decide(project, *words, **mode):
    """Decide in this process, which has no terminal; return what is said."""
    found = Units(project.root, (".",), {}, lambda _: None)
    return chosen(found, words, Mode(**mode))


def waiting(project, **texts):
    """Return the conflict of a project, with other texts if some are given."""
    found = Units(project.root, (".",), {}, lambda _: None)
    conflict = open_conflict(found.world(found.units[0]), found.units[0])
    assert conflict is not None
    return replace(conflict, sides=replace(conflict.sides, **texts))


# --- without a terminal ------------------------------------------------------------


def test_without_a_terminal_a_conflict_file_lies_beside_the_code(project):
    before = sources(project)

    said = project.doit("merge")
    again = decide(project, UNIT)

    assert said.code == 4, said.text
    assert again.is_waiting
    assert f"decide it in {FILE}" in said.out
    assert f"doit merge {UNIT} --continue" in said.out
    assert sources(project) == before | {FILE: project.read(FILE).encode()}
    assert project.read(FILE) == BOTH_EDITS.replace(
        MY_SUM,
        f"<<<<<<< mine (def add(a, b):)\n{MY_SUM}||||||| base\n    return a + b\n"
        f"=======\n{SUM}>>>>>>> generated\n",
    )


def test_an_edited_conflict_file_is_taken_and_goes_away(project):
    decide(project)
    text = BOTH_EDITS.replace(MY_SUM, "    return 0 + a + b\n")
    project.write(FILE, text)

    said = project.doit("merge", "calculator", "--continue")

    assert said.code == 0, said.text
    assert "what you chose is recorded" in said.out
    assert project.read(CODE_PATH) == text
    assert not (project.root / FILE).exists()
    assert is_decided(project)
    assert decide(project).lines == ("no conflict waits",)


@pytest.mark.parametrize("is_edited", [False, True])
def test_a_conflict_file_that_was_edited_outlives_another_choice(project, is_edited):
    decide(project)
    if is_edited:
        project.write(FILE, BOTH_EDITS)

    said = decide(project, UNIT, mine=True)

    assert (project.root / FILE).exists() is is_edited
    assert any("were not taken" in line for line in said.lines) is is_edited


def test_a_marker_that_is_left_is_named_with_its_line(project):
    decide(project)
    before = project.contents()

    said = project.doit("merge", UNIT, "--continue")

    assert said.code == 4
    assert f"{FILE}:6: this conflict is not decided yet" in said.err
    assert sources(project).items() <= before.items()


def test_an_edit_of_the_code_in_the_meantime_is_not_lost(project):
    decide(project)
    project.write(FILE, THEIRS)
    project.write(CODE_PATH, MINE + "# more\n")

    with pytest.raises(ConflictError, match="no conflict waits that a conflict file"):
        decide(project, UNIT, resume=True)
    assert project.read(CODE_PATH) == MINE + "# more\n"
    assert project.read(FILE) == THEIRS


def test_a_conflict_file_of_other_texts_is_neither_taken_nor_replaced(project):
    decide(project)
    text = project.read(FILE)
    memory = project.root / f".pdd/cache/merge/{UNIT}"
    memory.write_text("[]")

    for resume in (True, False):
        with pytest.raises(ConflictError, match="is not of the texts that wait now"):
            decide(project, UNIT, resume=resume)
    assert project.read(FILE) == text


def test_without_a_conflict_file_there_is_nothing_to_continue(project):
    with pytest.raises(ConflictError, match=f"there is no {FILE}"):
        decide(project, UNIT, resume=True)


@pytest.mark.git
@pytest.mark.parametrize("style", ["merge", "diff3", "zdiff3", "other"])
def test_conflicts_are_written_as_git_is_set_to(project, style):
    git(project, "init", "-q")
    git(project, "config", "merge.conflictStyle", style)

    decide(project)

    assert ("||||||| base" in project.read(FILE)) is (style != "merge")


def test_without_a_base_no_marker_says_that_nothing_stood_there(project):
    sides = replace(waiting(project).sides, base=None)

    ConflictFile(project.root, replace(waiting(project), sides=sides)).write()

    assert "<<<<<<< mine" in project.read(FILE)
    assert "||||||| base" not in project.read(FILE)


def test_a_merge_that_was_not_good_enough_is_a_conflict_everywhere(project):
    result = Merged(text=THEIRS, method=Method.LINES)

    ConflictFile(project.root, replace(waiting(project), result=result)).write()

    assert project.read(FILE).count("<<<<<<< mine") == 3


@pytest.mark.parametrize(
    "mode, text",
    [
        pytest.param({"mine": True}, MINE, id="mine"),
        pytest.param({"generated": True}, THEIRS, id="generated"),
        pytest.param({"file": "mine.txt"}, BOTH_EDITS, id="from a file"),
    ],
)
def test_a_script_decides_without_being_asked(project, mode, text, monkeypatch):
    monkeypatch.chdir(project.root)
    project.write("mine.txt", BOTH_EDITS)

    said = decide(project, UNIT, **mode)

    assert not said.is_waiting
    assert project.read(CODE_PATH) == text
    assert decide(project).lines == ("no conflict waits",)
    assert decide(project, UNIT, prompt=True).lines == (f"{UNIT}: no conflict waits",)


def test_the_generated_side_is_taken_with_what_is_protected(project):
    block = "# <pdd-keep>\nLIMIT = 3\n# </pdd-keep>\n"
    conflict = waiting(project, mine=MINE + block)

    assert text_of(conflict, Mode(generated=True)) == THEIRS + block


def test_the_generated_side_is_not_taken_over_what_is_protected(project):
    block = "    # <pdd-keep>\n    a = 1\n    # </pdd-keep>\n"
    mine = "def old():\n    b = 1\n" + block + "    return a\n\n\n" + MINE
    conflict = waiting(project, mine=mine)

    with pytest.raises(ConflictError, match="a protected block has no place"):
        text_of(conflict, Mode(generated=True))


@pytest.mark.parametrize(
    "words, mode, message",
    [
        pytest.param([], {"mine": True}, "--mine decides for exactly one", id="none"),
        pytest.param(
            ["*"], {"mine": True}, "unit: calculator_python, other_python", id="two"
        ),
        pytest.param(
            [UNIT],
            {"mine": True, "resume": True},
            "--mine and --continue exclude each other",
            id="two answers",
        ),
        pytest.param([UNIT], {"screen": True}, "needs a terminal", id="no terminal"),
        pytest.param([UNIT], {"file": "no.txt"}, "no.txt cannot be read", id="no file"),
        pytest.param([UNIT], {"file": "x.bin"}, "x.bin cannot be read", id="no text"),
        pytest.param([UNIT], {"file": "x.py"}, "does not parse", id="broken"),
        pytest.param(["nobody"], {}, "nobody", id="no such unit"),
    ],
)
def test_what_cannot_be_done_is_refused_and_changes_nothing(
    project, words, mode, message, monkeypatch
):
    monkeypatch.chdir(project.root)
    project.write("prompts/other_python.prompt", "Write something else.\n")
    project.write("x.py", "def add(:\n")
    (project.root / "x.bin").write_bytes(b"\xff")
    before = sources(project)

    with pytest.raises(PddError, match=message):
        decide(project, *words, **mode)
    assert sources(project) == before


def test_a_refusal_is_said_in_words(project):
    said = project.doit("merge", "--mine")

    assert said.code == 3
    assert "name it: doit merge UNIT --mine" in said.err


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


def test_a_request_to_end_leaves_the_terminal_as_it_was(project, terminal):
    before = sources(project)
    shown = terminal("merge", UNIT)
    shown.waits_for("? help")
    shown.gets(signal.SIGCONT)
    shown.types("g")
    shown.waits_for("all is decided")
    shown.gets(signal.SIGTERM)

    assert shown.ends() == 130, shown.text
    assert sources(project) == before
    assert shown.is_as_before


def test_what_was_chosen_is_kept_if_the_code_was_edited_meanwhile(project, terminal):
    shown = terminal("merge", UNIT)
    shown.waits_for("? help")
    shown.types("g")
    shown.waits_for("all is decided")
    project.write(CODE_PATH, MINE + "# saved meanwhile\n")
    shown.types("sy")

    assert shown.ends() == 4, shown.text
    assert "changed since you were shown the conflict" in shown.text
    assert project.read(CODE_PATH) == MINE + "# saved meanwhile\n"
    assert project.read(f"{FILE}-1") == BOTH_EDITS.replace(MY_SUM, SUM)
    assert f"what you chose is kept in {FILE}-1" in shown.text


@pytest.mark.slow
def test_killed_after_any_key_no_byte_was_changed(project, terminal, tell):
    before = sources(project)
    keys = "gugppms"
    for count in range(1, len(keys) + 1):
        shown = terminal("merge", UNIT)
        shown.waits_for("? help")
        for key in keys[:count]:
            shown.types(key)
            shown.waits_for("save this?" if key == "s" else "? help")
        shown.gets(signal.SIGKILL)
        shown.ends()
        assert sources(project) == before
    tell(f"the wizard killed after each of {len(keys)} keys: no byte changed")


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


def test_a_hunk_is_edited_from_the_full_screen(project, terminal):
    editor = project.root / "editor.sh"
    editor.write_text("#!/bin/sh\necho '    return 5' > \"$1\"\n")
    editor.chmod(0o700)
    shown = terminal("merge", UNIT, "--tui", EDITOR=str(editor), VISUAL="")
    shown.waits_for("undecided")
    shown.types("e")
    shown.waits_for("edited; 0 undecided")
    shown.types("s")
    shown.waits_for("(merged)")
    shown.types("y")

    assert shown.ends() == 0, shown.text
    assert project.read(CODE_PATH) == BOTH_EDITS.replace(MY_SUM, "    return 5\n")


def test_without_textual_it_says_what_to_install(project, terminal):
    project.write("textual.py", "raise ImportError('it is not there')\n")
    shown = terminal("merge", UNIT, "--tui")

    assert shown.ends() == 3, shown.text
    assert "pip install 'pdd-tasks[tui]'" in shown.text


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
