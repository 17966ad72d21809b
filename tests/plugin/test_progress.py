"""What is shown while a run goes on, and where nothing may be."""

import io
import os
import signal
import threading
from pathlib import Path

import pytest
from calculator_texts import PROMPT
from model_server import Hang, ModelServer
from project import Project
from surface import live, unit_project
from terminal import Terminal

from pdd_tasks.plugin.progress import Progress


TERMINAL = {"TERM": "xterm"}
RESTORED = "\x1b[?25h"


class Screen(io.StringIO):
    """A terminal that a test can read."""

    def isatty(self) -> bool:
        return True


class Foot:
    """A display that keeps what it shows; fails from the n-th time on."""

    def __init__(self, fails_at: int = 0) -> None:
        self.shown: list[list[str]] = []
        self.written: list[str] = []
        self.ended = 0
        self._fails_at = fails_at

    def show(self, lines: list[str]) -> None:
        self.shown.append(lines)
        if len(self.shown) == self._fails_at:
            raise ZeroDivisionError

    def write(self, text: str) -> None:
        if self._fails_at:
            raise ZeroDivisionError
        self.written.append(text)

    def end(self) -> None:
        self.ended += 1


def progress_of(stream, foot=None, **variables):
    environment = {**TERMINAL, **variables}
    shown = foot or Foot()
    return Progress(
        stream, environment=environment, clock=lambda: 0.0, display=lambda _: shown
    )


def ended(progress):
    progress.end()
    assert not [t for t in threading.enumerate() if "_tick" in t.name]
    return progress


def test_what_runs_is_shown_with_its_replies_and_how_far_the_run_is():
    foot = Foot()
    progress = progress_of(Screen(), foot)
    progress.standing.left = {"a": 2, "b": 0, "c": 1}
    progress.standing.total, progress.standing.failed = 3, 1
    progress.standing.money = lambda: "$1 of $2"
    progress.start("a generate", lambda: 2)
    progress.start("c test", lambda: 1)
    progress.show()
    ended(progress)
    assert foot.shown[-1] == [
        "a generate: 0 s, 2 replies",
        "c test: 0 s, 1 reply",
        "1 of 3 units, 1 not good, $1 of $2",
    ]
    assert foot.ended == 1


def test_its_height_stays_when_something_ends():
    foot = Foot()
    progress = progress_of(Screen(), foot)
    progress.start("a generate")
    progress.start("b generate")
    progress.stop("a generate")
    progress.show()
    ended(progress)
    assert foot.shown[-1] == ["b generate: 0 s", "", "0 of 0 units"]


def test_nothing_is_shown_while_somebody_else_has_the_terminal():
    foot = Foot()
    progress = progress_of(Screen(), foot)
    progress.hush(hushed=True)
    progress.start("a generate")
    progress.show()
    assert foot.shown == []
    progress.hush(hushed=False)
    progress.show()
    progress.hush(hushed=True)
    assert foot.ended == 1
    ended(progress)


@pytest.mark.parametrize(
    "stream, variables",
    [
        pytest.param(io.StringIO(), {}, id="no terminal"),
        pytest.param(Screen(), {"TERM": "dumb"}, id="a dumb terminal"),
    ],
)
def test_only_lines_are_written_where_nothing_can_be_shown(stream, variables):
    foot = Foot()
    progress = progress_of(stream, foot, **variables)
    progress.start("a generate")
    progress.write("a line\n")
    progress.show()
    ended(progress)
    assert (stream.getvalue(), foot.shown) == ("a line\n", [])
    assert not progress.has_colour


def test_colour_is_not_used_by_those_who_want_none():
    assert progress_of(Screen()).has_colour
    assert not progress_of(Screen(), NO_COLOR="1").has_colour
    assert progress_of(Screen(), NO_COLOR="").has_colour


def test_lines_go_above_what_is_shown():
    foot = Foot()
    progress = progress_of(Screen(), foot)
    progress.start("a generate")
    progress.show()
    progress.write("a line\n")
    ended(progress)
    assert foot.written == ["a line\n"]


def test_what_fails_to_be_shown_stops_nothing_and_is_lines_from_then_on():
    screen, foot = Screen(), Foot(fails_at=1)
    progress = progress_of(screen, foot)
    progress.show()
    progress.write("a line\n")
    progress.show()
    ended(progress)
    assert screen.getvalue().endswith("a line\n")
    assert RESTORED in screen.getvalue()
    assert len(foot.shown) == 1


def test_a_line_that_cannot_be_put_above_is_written_all_the_same():
    screen, foot = Screen(), Foot(fails_at=2)
    progress = progress_of(screen, foot)
    progress.show()
    progress.write("a line\n")
    ended(progress)
    assert screen.getvalue().endswith("a line\n")


def test_where_nobody_reads_any_more_lines_go_nowhere():
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as stream:
        progress = Progress(stream, environment={})
        progress.write("a line\n")
        progress.write("another\n")
        assert os.path.samestat(os.fstat(writer), Path(os.devnull).stat())


@pytest.mark.parametrize(
    "variables",
    [pytest.param({}, id="a wide one"), pytest.param({"COLUMNS": "24"}, id="narrow")],
)
def test_units_at_work_are_shown_on_a_terminal_until_they_are_interrupted(
    tmp_path, variables
):
    with ModelServer(lambda _: Hang()) as server:
        project = unit_project(tmp_path, "one", "two")
        words = ("doit", "run", "-n", "2", "-P", "thread", *live(server))
        terminal = Terminal(project.root, words, variables)
        try:
            terminal.waits_for("one_python generate: ")
            terminal.waits_for("0 of 2 units")
            terminal.gets(signal.SIGINT)
            code = terminal.ends()
        finally:
            terminal.close()
    assert code == 130
    assert "Traceback" not in terminal.text
    assert "go on: doit run -n 2 -P thread" in terminal.text.replace("\r\n", "")
    assert terminal.text.rindex(RESTORED) > terminal.text.rindex("0 of 2 units")


@pytest.mark.parametrize(
    "variables, colours",
    [
        pytest.param({}, True, id="a terminal"),
        pytest.param({"NO_COLOR": "1"}, False, id="without colours"),
        pytest.param({"TERM": "dumb"}, False, id="a dumb one"),
    ],
)
def test_a_terminal_gets_what_it_can_show(tmp_path, variables, colours):
    project = Project.in_folder(tmp_path)
    project.write("prompts/one_python.prompt", PROMPT)
    project.write("src/one.py", "def add(:\n")
    terminal = Terminal(tmp_path, ("doit", "sync:one_python:auto-deps"), variables)
    try:
        terminal.ends()
    finally:
        terminal.close()
    assert "one_python auto-deps" in terminal.text
    assert ("\x1b[32mone_python" in terminal.text) == colours
    if variables.get("TERM") == "dumb":
        assert "\x1b" not in terminal.text
