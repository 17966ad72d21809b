"""Replies that are shared: beyond the project, the user's own, and a remote place.

Rule 1: a layer never fails: what it cannot give is a miss, what it cannot keep is
left. Rule 2: what comes from elsewhere must be the reply to the very request; what is
broken, foreign or too large is said and left alone. Rule 3: a place that does not
answer is asked no more by this process, and that is said once.
"""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

from pdd_tasks.adapters.files import make_folders, replace_durably
from pdd_tasks.adapters.models.reply_entry import Entry
from pdd_tasks.core.prompt.request import Request


LARGEST: Final = 8_000_000  # bytes of one recorded reply


class Layer(Protocol):
    """A place that keeps recorded replies."""

    def get(self, request: Request) -> Entry | None:
        """Return the recorded reply to a request; None if it has none."""
        ...

    def put(self, request: Request, entry: Entry) -> None:
        """Keep a recorded reply, if this place is written."""
        ...


class Transport(Protocol):
    """How the bytes of a remote place are read and written."""

    def fetch(self, place: str, limit: int) -> bytes | None:
        """Return at most a limit of bytes, and one more; None if it has none.

        Raises:
            OSError: If it does not answer, or not as it should.
        """
        ...

    def store(self, place: str, data: bytes) -> None:
        """Write bytes.

        Raises:
            OSError: If it does not answer, or refuses.
        """
        ...


def place_of(request: Request) -> str:
    """Return where a reply lies in every layer, as one relative path."""
    return f"{request.kind}/{request.key}.json"


class UserLayer:
    """The user's own replies, of all projects, in one folder."""

    def __init__(self, folder: Path, announce: Callable[[str], None]) -> None:
        self._folder = folder
        self._announce = announce

    def get(self, request: Request) -> Entry | None:
        """Return the recorded reply to a request; None if there is none."""
        path = self._folder / place_of(request)
        try:
            with path.open("rb") as stream:
                data = stream.read(LARGEST + 1)
        except OSError:
            return None
        return _checked(data, request, str(self._folder), self._announce)

    def put(self, request: Request, entry: Entry) -> None:
        """Keep a recorded reply."""
        path = self._folder / place_of(request)
        try:
            make_folders(path.parent)
            replace_durably(path, entry.form())
        except OSError as error:
            reason = error.strerror or error
            self._announce(f"warning: {self._folder} keeps no replies: {reason}")


class RemoteLayer:
    """Replies at a remote place; read by everybody, written by some.

    Attributes:
        transport: How it is read and written.
    """

    def __init__(
        self,
        name: str,
        transport: Transport,
        announce: Callable[[str], None],
        *,
        writes: bool,
    ) -> None:
        """Name the place.

        Args:
            name: The place as people know it.
            transport: How it is read and written.
            announce: Tells people one line, each line once a run.
            writes: Whether it is written, too.
        """
        self._name = name
        self.transport = transport
        self._announce = announce
        self._writes = writes
        self._reads = True

    def get(self, request: Request) -> Entry | None:
        """Return the recorded reply to a request; None if there is none."""
        if not self._reads:
            return None
        try:
            data = self.transport.fetch(place_of(request), LARGEST)
        except OSError as error:
            self._reads = self._writes = False
            self._announce(
                f"warning: no shared replies from {self._name}: {_reason(error)};"
                " going on without them"
            )
            return None
        if data is None:
            return None
        return _checked(data, request, self._name, self._announce)

    def put(self, request: Request, entry: Entry) -> None:
        """Keep a recorded reply, if this place is written."""
        if not self._writes:
            return
        try:
            self.transport.store(place_of(request), entry.form())
        except OSError as error:
            self._writes = False
            self._announce(
                f"warning: {self._name} keeps no replies: {_reason(error)}; going on"
                " without it"
            )


def user_folder(environment: Mapping[str, str]) -> Path | None:
    """Return the folder of the user's own replies; None if there is no home."""
    cache = environment.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(cache):  # noqa: PTH117 - a text of the environment
        with suppress(RuntimeError):
            return Path.home() / ".cache" / "pdd-tasks" / "replies"
        return None
    return Path(cache) / "pdd-tasks" / "replies"


def _checked(
    data: bytes, request: Request, name: str, announce: Callable[[str], None]
) -> Entry | None:
    """Return the entry in some bytes; None, and said why, if it is not to be used."""
    try:
        return _entry(data, request)
    except ValueError as error:
        announce(f"warning: {place_of(request)} of {name} {error}; it is not used")
        return None


def _entry(data: bytes, request: Request) -> Entry:
    """Return the entry in some bytes.

    Raises:
        ValueError: If it is none, or not the reply to the request.
    """
    if len(data) > LARGEST:
        raise ValueError("is too large")
    entry = Entry.parse(data, request.key)
    if not entry.answers(request):
        raise ValueError("is the reply to another request")
    return entry


def _reason(error: OSError) -> str:
    return str(error.strerror or error) or type(error).__name__
