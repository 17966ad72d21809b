"""What holds for all tests."""

import signal


def pytest_configure() -> None:
    """Let children be interrupted, also if the tests run in the background.

    A shell without job control lets what it runs by ``&`` ignore Ctrl-C, and every
    child inherits that. A signal that is handled here is a default one there.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
