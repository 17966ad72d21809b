"""Patterns of failures, and text that is the same on every machine."""

import pytest

from pdd_tasks.core.model.failure import FailureKind
from pdd_tasks.core.prompt.failure_pattern import bounded, classify, normalised


@pytest.mark.parametrize(
    "exception, message, kind",
    [
        pytest.param("ImportError", "", FailureKind.IMPORT, id="import"),
        pytest.param("ModuleNotFoundError", "", FailureKind.IMPORT, id="module"),
        pytest.param("NameError", "name 'x'", FailureKind.IMPORT, id="name"),
        pytest.param(
            "java.lang.NoClassDefFoundError", "", FailureKind.IMPORT, id="class"
        ),
        pytest.param(
            "Error", "Cannot find module './x'", FailureKind.IMPORT, id="node"
        ),
        pytest.param("AttributeError", "", FailureKind.ATTRIBUTE, id="attribute"),
        pytest.param(
            "TypeError", "calc.add is not a function", FailureKind.ATTRIBUTE, id="call"
        ),
        pytest.param("TypeError", "missing 1 required", FailureKind.TYPE, id="type"),
        pytest.param(
            "AssertionError", "assert 1 == 2", FailureKind.ASSERTION, id="assert"
        ),
        pytest.param("Failed", "DID NOT RAISE", FailureKind.ASSERTION, id="not raised"),
        pytest.param("Failed", "Timeout >5.0s", FailureKind.TIMEOUT, id="timeout"),
        pytest.param("SyntaxError", "invalid", FailureKind.COLLECTION, id="syntax"),
        pytest.param("calc.OwnError", "boom", FailureKind.OTHER, id="own"),
        pytest.param("", "", FailureKind.OTHER, id="nothing"),
    ],
)
def test_a_failure_has_a_pattern(exception, message, kind):
    assert classify(exception, message) is kind


ROOTS = {"/scratch/pdd-x/project": "", "/scratch/pdd-x/tmp": "<tmp>", "/home/ann": "~"}


@pytest.mark.parametrize(
    "text, expected",
    [
        pytest.param("/scratch/pdd-x/project/src/a.py:3", "src/a.py:3", id="project"),
        pytest.param("in '/scratch/pdd-x/project'", "in '.'", id="project itself"),
        pytest.param(
            "/scratch/pdd-x/project-b/a", "/scratch/pdd-x/project-b/a", id="neighbour"
        ),
        pytest.param("/scratch/pdd-x/tmp/a and b", "<tmp>/a and b", id="temporary"),
        pytest.param("/home/ann/lib/a.py", "~/lib/a.py", id="home"),
        pytest.param("/mnt/home/ann/x", "/mnt/home/ann/x", id="longer path"),
        pytest.param("<A object at 0x7f12ab34cd56>", "<A object at 0x0>", id="address"),
        pytest.param("Thread 0x00007f12ab34cd56:", "Thread 0x0:", id="thread"),
        pytest.param("id 0x7f12ab34cd56", "id 0x0", id="pointer"),
        pytest.param("assert 0xdead == 0xbeef", "assert 0xdead == 0xbeef", id="number"),
        pytest.param("1 failed in 0.03s", "1 failed in <time>", id="duration"),
        pytest.param("took 12 ms", "took <time>", id="milliseconds"),
        pytest.param("assert '5s' == '3s'", "assert '5s' == '3s'", id="a value"),
        pytest.param("2026-11-20 08:17:39,723 x", "<time> x", id="time of day"),
        pytest.param("2026-11-20 08:17:39", "2026-11-20 08:17:39", id="a date"),
        pytest.param("\x1b[31mred\x1b[0m\r\n", "red\n", id="colour"),
    ],
)
def test_what_differs_between_machines_goes(text, expected):
    assert normalised(text, roots=ROOTS) == expected


def test_a_short_text_is_whole():
    assert bounded("abc\n", 4) == "abc\n"


def test_a_long_text_keeps_whole_lines_of_head_and_tail():
    text = "".join(f"line {number}\n" for number in range(100))
    assert bounded(text, 40) == (
        "line 0\nline 1\n[... the middle of the output is left out ...]\n"
        "line 98\nline 99\n"
    )


def test_a_long_line_is_cut():
    assert bounded("x" * 100, 10).split("\n")[0::2] == ["xxxxx", "xxxxx"]
