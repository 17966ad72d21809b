"""A model around a model: what was paid for once is not asked again.

Rule 1: a reply is on the disk before anybody sees it. Rule 2: the first writer of a
key wins, and every other gets the winner's reply. Rule 3: a rejected reply is returned
like any other: whoever parses it rejects it again and goes on as when it was recorded,
so a replay walks the recorded path. In `Replies.REPLAY` nothing is asked or written.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Final, Protocol

from pdd_tasks.adapters.files import (
    STATE_FOLDER,
    ProjectFiles,
    ensure_state_folder,
    make_folders,
    refusing,
    replace_durably,
    sync_directory,
    write_durably,
)
from pdd_tasks.adapters.models.reply_entry import Entry, readable_lines, stored_request
from pdd_tasks.core.model.settings import ModelSettings, Replies
from pdd_tasks.core.prompt.redact import Redactor
from pdd_tasks.core.prompt.request import Reply, Request
from pdd_tasks.errors import ConfigError, ReplayMissError, StateError


_DIFF_LINES: Final = 20
_DIFF_WIDTH: Final = 120


class Inner(Protocol):
    """What answers when nothing is recorded."""

    def complete(self, request: Request) -> Reply:
        """Return the reply to a request."""
        ...


class ReplyCache:
    """Recorded replies first, then the model inside, as the settings allow.

    The name of the unit that asks is only for messages.

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
        unit: str = "NAME",
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
        self._unit = unit

    def complete(self, request: Request) -> Reply:
        """Return the recorded reply to a request, else the model's.

        Raises:
            ReplayMissError: If nothing is recorded and live calls are not allowed.
            StateError: If what is recorded is broken, newer, or in conflict.
            ModelError: As for the model inside.
            BudgetError: As for the model inside.
            PddError: If a reply cannot be written.
        """
        entry = self._entry(request)
        if entry is not None:
            return entry.recalled()
        if self._settings.replies is Replies.REPLAY:
            raise self._miss(request)
        with refusing("make a place for replies"):  # before they are paid for
            ensure_state_folder(self._files.root)
            make_folders(self._files.root / _place(request).parent)
        reply = self._inner.complete(request)
        if self._keep(request, reply):
            return reply
        winner = self._entry(request)
        return reply if winner is None else replace(winner.reply, cost=reply.cost)

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
            raise StateError(
                f"{place} {error}",
                hint=f"restore it with git checkout -- {place}, or remove it to have "
                "the reply asked for again",
            ) from None

    def _keep(self, request: Request, reply: Reply) -> bool:
        """Return whether the reply is now the recorded one: the first writer's is."""
        entry = Entry(
            key=request.key,
            label=self._settings.label,
            recorded_at=self._now(),
            request=stored_request(request, self._redactor),
            reply=reply,
        )
        path = self._files.root / _place(request)
        with refusing("keep a reply"):
            return _create_durably(path, entry.form())

    def _miss(self, request: Request) -> ReplayMissError:
        said = f"nothing is recorded for this {request.kind} request"
        lines = readable_lines(stored_request(request, self._redactor))
        diff = "".join(f"\n    {line}" for line in self._difference(request, lines))
        return ReplayMissError(
            f"{said} (key {request.key[:12]}); {diff.lstrip()}",
            hint=_way_to_live(self._settings, request, self._unit),
        )

    def _difference(self, request: Request, lines: list[str]) -> list[str]:
        from difflib import SequenceMatcher, unified_diff

        matcher = SequenceMatcher(None, [], lines, autojunk=False)
        best, nearest = -1.0, None
        for entry in self._recorded(request):
            matcher.set_seq1(readable_lines(entry.request))
            if (ratio := matcher.quick_ratio()) > best:
                best, nearest = ratio, entry
        if nearest is None:
            return [f"{_place(request).parent} holds no recording"]
        diff = unified_diff(
            readable_lines(nearest.request), lines, "recorded", "asked", "", "", 1, ""
        )
        shown = [line[:_DIFF_WIDTH] for line in diff]
        more = ["…"] if len(shown) > _DIFF_LINES else []
        label = f" ({nearest.label})" if nearest.label else ""
        head = f"the nearest recording, {nearest.key[:12]}{label}, differs:"
        return [head, *shown[:_DIFF_LINES], *more]

    def _recorded(self, request: Request) -> Iterator[Entry]:
        folder = self._files.root / _place(request).parent
        for path in sorted(folder.glob("*.json")):
            try:
                yield Entry.parse(path.read_bytes(), path.stem)
            except (ValueError, OSError):
                continue  # only looked at to help; asked for itself it is refused


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


def _way_to_live(settings: ModelSettings, request: Request, unit: str) -> str:
    """Return what to type to ask a model; the name may be a recording's own."""
    name = settings.model or request.model
    model = f"model={name}" if settings.api_base else "model=provider/name"
    key = "" if settings.api_base else ", with the provider's key set"
    key += f" (this request is for {name})" if name and not settings.api_base else ""
    return f"ask a model: doit sync:{unit} replies=live {model}{key}"
