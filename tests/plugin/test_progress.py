import io

from pdd_tasks.plugin.progress import Progress


class Screen(io.StringIO):
    """A terminal that a test can read."""

    def isatty(self) -> bool:
        return True


def _progress(stream):
    return Progress(stream, clock=lambda: 0.0)


def test_what_runs_is_shown_on_a_terminal():
    screen = Screen()
    progress = _progress(screen)
    progress.start("a generate")
    progress.show()
    progress.end()

    assert "… a generate 0 s" in screen.getvalue()


def test_nothing_is_shown_while_something_else_has_the_terminal():
    screen = Screen()
    progress = _progress(screen)
    progress.hushed.set()
    progress.start("a generate")
    progress.show()
    progress.end()

    assert "a generate" not in screen.getvalue()


def test_nothing_is_shown_where_there_is_no_terminal():
    stream = io.StringIO()
    progress = _progress(stream)
    progress.start("a generate")
    progress.write("a line\n")
    progress.end()

    assert stream.getvalue() == "a line\n"


def test_what_has_ended_is_not_shown_any_more():
    screen = Screen()
    progress = _progress(screen)
    progress.start("a generate")
    progress.stop("a generate")
    progress.end()
    shown = screen.getvalue()
    progress.show()

    assert screen.getvalue() == shown
