import pytest

from pdd_tasks.core.prompt.patch import patched
from pdd_tasks.errors import ReplyError


TAGS = ("python", "py")
BASE = "def f():\n    return 1\n\n\ndef g():\n    return 2\n"


def _block(search, replace):
    return f"<<<<<<< SEARCH\n{search}=======\n{replace}>>>>>>> REPLACE\n"


def _diff(*lines, tag="diff"):
    return "\n".join(["Here it is.", f"```{tag}", *lines, "```", ""])


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param("prose", id="prose"),
        pytest.param(f"```python\n{BASE}```\n", id="a file"),
        pytest.param(
            "```python\nx = 1\n```\n```diff\n--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n```\n",
            id="a file and the diff that leads to it",
        ),
    ],
)
def test_other_replies_are_no_patches(reply):
    assert patched(reply, BASE, TAGS) is None


@pytest.mark.parametrize(
    "reply, text",
    [
        pytest.param(
            _block("    return 1\n", "    return 10\n"),
            BASE.replace("1", "10"),
            id="a block",
        ),
        pytest.param(
            "First:\n\n```python\n"
            + _block("    return 2\n", "    return 20\n")
            + "```\nand\n```python\n"
            + _block("def f():\n", "def f(x):\n").replace("\n", "\r\n")
            + "```\n",
            BASE.replace("2", "20").replace("f()", "f(x)"),
            id="blocks in fences, out of order",
        ),
        pytest.param(
            _block("\n\ndef g():\n    return 2\n", ""),
            "def f():\n    return 1\n",
            id="a deletion",
        ),
        pytest.param(
            _diff(
                "--- a/x.py",
                "+++ b/x.py",
                "@@ -1,3 +1,4 @@",
                " def f():",
                "-    return 1",
                "+    a = 1",
                "+    return a",
                "",
            ),
            BASE.replace("return 1", "a = 1\n    return a"),
            id="a diff with an empty context line",
        ),
        pytest.param(
            _diff("@@ -40,1 +40,1 @@ def g", "-    return 2", "+    return 3", tag=""),
            BASE.replace("2", "3"),
            id="a diff with wrong numbers, no tag",
        ),
        pytest.param(
            _diff(
                "@@ -3 +3 @@",
                "-",
                "+# two",
                "\\ No newline at end of file",
                tag="python",
            ),
            BASE.replace("1\n\n", "1\n# two\n"),
            id="numbers say which of two",
        ),
        pytest.param(
            _diff("@@ -6,0 +7,2 @@", "+", "+# end"),
            BASE + "\n# end\n",
            id="only additions",
        ),
    ],
)
def test_a_patch_is_applied(reply, text):
    assert patched(reply, BASE, TAGS) == text


def test_an_empty_text_is_filled():
    assert patched(_block("", "a\n"), "", TAGS) == "a\n"


def test_a_text_can_be_emptied():
    assert patched(_block("a\n", ""), "a\n", TAGS) == ""


def test_a_missing_last_end_stays_missing():
    assert patched(_block("a\n", "b\n"), "a\nc", TAGS) == "b\nc"


@pytest.mark.parametrize(
    "reply, message",
    [
        pytest.param(
            _block("    return 3\n", "x\n"),
            "search block 1: what it replaces stands nowhere in the text",
            id="nowhere",
        ),
        pytest.param(
            _block("\n", "x\n"),
            "search block 1: what it replaces stands 2 times",
            id="2",
        ),
        pytest.param(_block("", "x\n"), "search block 1 searches for nothing", id="no"),
        pytest.param(
            _block("def f():\n    return 1\n", "") + _block("    return 1\n", ""),
            "search block 2 overlaps another",
            id="overlap",
        ),
        pytest.param(
            "<<<<<<< SEARCH\na\n=======\nb\n",
            "cut off: search block 1 never ends",
            id="cut off",
        ),
        pytest.param(
            _block(_block("a\n", "b\n"), "c\n"),
            "search block 1: `<<<<<<< SEARCH` stands where it cannot",
            id="nested",
        ),
        pytest.param(
            "<<<<<<< SEARCH\na\n=======\nb\n=======\nc\n>>>>>>> REPLACE\n",
            "search block 1: `=======` stands where it cannot",
            id="two splits",
        ),
        pytest.param(
            "<<<<<<< ORIGINAL\na\n=======\nb\n>>>>>>> REPLACE\n",
            "search and replace blocks are broken",
            id="other words",
        ),
        pytest.param(
            _diff("@@ -1,2 +1,2 @@", "-def f():", "+def f(x):"),
            "hunk 1 of the diff does not hold the lines that it says",
            id="too few lines",
        ),
        pytest.param(
            _diff("@@ -1,2 +1,2 @@", "-def f():", "+def f(x):", "*   return 1"),
            "hunk 1 of the diff does not hold the lines that it says",
            id="a line of no kind",
        ),
        pytest.param(
            _diff("--- a", "+++ b", "-def f():"), "no hunks", id="no numbers at all"
        ),
        pytest.param(
            _diff("Index of it", "@@ -1 +1 @@", "-def f():", "+def f(x):"),
            "something else before",
            id="talk in front",
        ),
        pytest.param(
            _diff("@@ -1 +1 @@", "-a", "+b") + _diff("@@ -1 +1 @@", "-a", "+b"),
            "holds 2 diffs",
            id="two diffs",
        ),
        pytest.param(
            _diff("@@ -9,0 +9,1 @@", "+x"), "searches for nothing", id="behind the end"
        ),
        pytest.param("```diff\n@@ -1 +1 @@\n-a\n", "never closed", id="no last fence"),
    ],
)
def test_a_patch_that_is_not_sure_is_refused(reply, message):
    with pytest.raises(ReplyError, match=message):
        patched(reply, BASE, TAGS)
