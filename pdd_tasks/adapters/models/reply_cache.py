"""A model around a model: what was paid for once is not asked again.

Rule 1: a reply is on the disk before anybody sees it. Rule 2: the first writer of a
key wins, and every other gets the winner's reply, but for `Replies.REFRESH`, which
replaces it. Rule 3: a rejected reply is returned like any other: whoever parses it
rejects it again and goes on as when it was recorded, so a replay walks the recorded
path. In `Replies.REPLAY` nothing is asked or written.
"""

import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final, Protocol

from pdd_tasks.adapters.files import (
    STATE_FOLDER,
    ProjectFiles,
    ensure_state_folder,
    make_folders,
    replace_durably,
    sync_directory,
    write_durably,
)
from pdd_tasks.adapters.models.reply_conflict import settled
from pdd_tasks.adapters.models.reply_entry import Entry, stored_request
from pdd_tasks.adapters.models.reply_layer import Layer
from pdd_tasks.adapters.models.reply_miss import miss
from pdd_tasks.adapters.refusal import refusing
from pdd_tasks.core.model.settings import ModelSettings, Replies
from pdd_tasks.core.prompt.redact import Redactor
from pdd_tasks.core.prompt.request import Reply, Request
from pdd_tasks.errors import ConfigError, ReplayMissError, StateError


class Inner(Protocol):
    """What answers when nothing is recorded."""

    def complete(self, request: Request) -> Reply:
        """Return the reply to a request."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """What became of one request.

    Attributes:
        found: Where its reply was found: ``project``, ``shared``; empty if it was
            asked.
        saved: Micro-dollars that the reply once cost; None if unknown.
    """

    kind: str
    model: str
    found: str
    saved: int | None


def _together(folder: Path, key: str) -> AbstractContextManager[None]:
    del folder, key
    return nullcontext()


def _nothing(_: object) -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What recorded replies have around them.

    Attributes:
        unit: The unit that asks, for messages.
        layers: Where else replies are kept, the nearest first.
        alone: Lets one at a time ask for a key; the folder is shared by all who ask.
        announce: Tells people one line, each line once a run.
        note: Told what became of each request.
    """

    unit: str = "NAME"
    layers: Sequence[Layer] = ()
    alone: Callable[[Path, str], AbstractContextManager[None]] = _together
    announce: Callable[[str], None] = _nothing
    note: Callable[[Lookup], None] = _nothing


_NOWHERE: Final = Surroundings()


class ReplyCache:
    """Recorded replies first, then the model inside, as the settings allow.

    Raises:
        ConfigError: If replies are to be recorded without a label.
    """

    def __init__(
        self,
        root: Path,
        settings: ModelSettings,
        inner: Inner,
        redactor: Redactor,
        *,
        now: Callable[[], str],
        around: Surroundings = _NOWHERE,
    ) -> None:
        if settings.replies is Replies.RECORD and not settings.label:
            raise ConfigError(
                "replies=record needs a label, so that people know what they read",
                hint='say what is recorded: label="recorded 2026-01 with openai/x"',
            )
        self._files = ProjectFiles(root)
        self._settings = settings
        self._inner = inner
        self._redactor = redactor
        self._now = now
        self._around = around

    def complete(self, request: Request) -> Reply:
        """Return the recorded reply to a request, else the model's.

        Raises:
            ReplayMissError: If nothing is recorded and live calls are not allowed.
            StateError: If what is recorded is broken or newer.
            ModelError: As for the model inside.
            BudgetError: As for the model inside.
            PddError: If a reply cannot be written.
        """
        return replace(self._reply(request), key=request.key)

    def _reply(self, request: Request) -> Reply:
        if self._settings.replies is Replies.REFRESH:
            return self._asked(request)
        if (known := self._recalled(request)) is not None:
            return known
        if self._settings.replies is Replies.REPLAY:
            raise self._miss(request)
        with self._around.alone(self._prepared(request), request.key):
            # whoever asked the same meanwhile has recorded it
            entry = self._entry(request)
            return self._asked(request) if entry is None else self._hit(request, entry)

    def _recalled(self, request: Request) -> Reply | None:
        entry = self._entry(request)
        if entry is not None:
            return self._hit(request, entry)
        for number, layer in enumerate(self._around.layers):
            entry = layer.get(request)
            if entry is not None:
                if self._settings.replies is not Replies.REPLAY:
                    self._brought(request, entry, number)
                return self._hit(request, entry, "shared")
        return None

    def _brought(self, request: Request, entry: Entry, number: int) -> None:
        """Keep a reply of a layer in the project and in the layers before that one."""
        path = self._prepared(request) / _place(request).name
        with refusing("keep a reply"):
            _create_durably(path, entry.form())
        for nearer in self._around.layers[:number]:
            nearer.put(request, entry)

    def _hit(self, request: Request, entry: Entry, found: str = "project") -> Reply:
        self._note(request, entry.reply, found)
        return entry.recalled()

    def _note(self, request: Request, reply: Reply, found: str) -> None:
        saved = reply.cost if found else 0
        self._around.note(
            Lookup(kind=request.kind, model=reply.model, found=found, saved=saved)
        )

    def _asked(self, request: Request) -> Reply:
        self._prepared(request)  # before it is paid for
        reply = self._inner.complete(request)
        self._note(request, reply, "")
        entry = Entry(
            key=request.key,
            label=self._settings.label,
            recorded_at=self._now(),
            request=stored_request(request, self._redactor),
            reply=reply,
        )
        if not self._keep(request, entry):
            winner = self._entry(request)
            return reply if winner is None else replace(winner.reply, cost=reply.cost)
        for layer in self._around.layers:
            layer.put(request, entry)
        return reply

    def _prepared(self, request: Request) -> Path:
        """Return the folder of a request's reply, made if it is not there."""
        folder = self._files.root / _place(request).parent
        with refusing("make a place for replies"):
            ensure_state_folder(self._files.root)
            make_folders(folder)
        return folder

    def reject(self, request: Request, because: str) -> None:
        """Record that the reply to a request could not be used.

        Raises:
            StateError: If what is recorded is broken, newer, or in conflict.
            PddError: If it cannot be written.
        """
        if self._settings.replies is Replies.REPLAY:
            return
        entry = self._entry(request)
        if entry is None or entry.because:
            return
        rejected = entry.rejected(self._redactor.text(because))
        with refusing("mark a reply as rejected"):
            replace_durably(self._files.root / _place(request), rejected.form())

    def _entry(self, request: Request) -> Entry | None:
        place = _place(request)
        data = self._files.read(place)
        if data is None:
            return None
        try:
            return Entry.parse(data, request.key)
        except ValueError as error:
            if (entry := settled(data, request.key)) is not None:
                return self._resolved(request, entry)
            raise StateError(
                f"{place} {error}",
                hint=f"restore it with git checkout -- {place}, or remove it to have "
                "the reply asked for again",
            ) from None

    def _miss(self, request: Request) -> ReplayMissError:
        around = self._around
        return miss(
            self._files.root, request, self._settings, self._redactor, around.unit
        )

    def _resolved(self, request: Request, entry: Entry) -> Entry:
        """Return the entry that counts of two; the file is written anew with it."""
        place = _place(request)
        self._around.announce(
            f"warning: {place} held two recorded replies, of two branches: the one with"
            " the lower digest counts, for everybody"
        )
        if self._settings.replies is not Replies.REPLAY:
            with refusing("settle a conflict of two replies"):
                replace_durably(self._files.root / place, entry.form())
        return entry

    def _keep(self, request: Request, entry: Entry) -> bool:
        """Return whether the reply is now the recorded one: the first writer's is."""
        path = self._files.root / _place(request)
        with refusing("keep a reply"):
            if self._settings.replies is not Replies.REFRESH:
                return _create_durably(path, entry.form())
            replace_durably(path, entry.form())
            return True


def is_recorded(root: Path, request: Request) -> bool:
    """Return whether a project has the reply to a request; nothing is read of it."""
    return (root / _place(request)).is_file()


def _place(request: Request) -> PurePosixPath:
    return PurePosixPath(STATE_FOLDER, "cache", request.kind, f"{request.key}.json")


def _create_durably(path: Path, data: bytes) -> bool:
    """Return whether a file was created, whole; not if somebody else was first."""
    beside = path.with_name(f".{path.name}.{os.urandom(4).hex()}.tmp")
    try:
        write_durably(beside, data)
        try:
            path.hardlink_to(beside)
        except FileExistsError:
            return False
        except OSError:  # a file system without links, such as exFAT
            if path.exists():
                return False
            beside.rename(path)
        sync_directory(path.parent)
    finally:
        beside.unlink(missing_ok=True)
    return True
