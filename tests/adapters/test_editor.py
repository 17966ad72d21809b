import shlex
import sys

import pytest

from pdd_tasks.adapters.editor import edited
from pdd_tasks.errors import PddError


def command(body):
    """Return the command of an editor that does something with ``file``."""
    start = "import pathlib, sys; file = pathlib.Path(sys.argv[1])"
    return shlex.join([sys.executable, "-c", f"{start}; {body}"])


def test_what_a_person_leaves_in_the_editor_is_returned():
    editor = command("file.write_bytes(file.read_bytes() + file.name.encode())")

    assert edited("a\r\né\n", "x.py", editor) == "a\r\né\nx.py"


def test_a_text_that_stays_is_no_edit():
    assert edited("a\n", "x.py", command("0")) is None


@pytest.mark.parametrize(
    "editor, message",
    [
        pytest.param("no-such-editor -w", "`no-such-editor -w` cannot be run", id="no"),
        pytest.param(command("sys.exit(3)"), "failed with exit code 3", id="fails"),
        pytest.param(command("file.unlink()"), "left no text", id="no file"),
        pytest.param(
            command('file.write_bytes(b"\\xff")'), "left no text in UTF-8", id="bytes"
        ),
    ],
)
def test_an_editor_that_leaves_no_text_is_refused(editor, message):
    with pytest.raises(PddError, match=message):
        edited("a\n", "x.py", editor)
