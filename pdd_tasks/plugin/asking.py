"""Whether a person is asked on the terminal now."""

import threading
from collections.abc import Callable


class Asking(threading.Event):
    """Set while a person is asked; tells who shows something there, at once."""

    def __init__(self) -> None:
        super().__init__()
        self.told: Callable[[bool], object] = bool

    def set(self) -> None:
        """Say that a person is asked from now on."""
        super().set()
        self.told(True)  # noqa: FBT003 - set or not is all there is to tell

    def clear(self) -> None:
        """Say that nobody is asked any more."""
        super().clear()
        self.told(False)  # noqa: FBT003 - as above
