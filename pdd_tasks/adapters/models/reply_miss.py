"""What is said where nothing is recorded for a request, and nobody may be asked."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from pdd_tasks.adapters.files import STATE_FOLDER
from pdd_tasks.adapters.models.reply_entry import Entry, readable_lines, stored_request
from pdd_tasks.core.model.settings import ModelSettings, Provider
from pdd_tasks.core.prompt.redact import Redactor
from pdd_tasks.core.prompt.request import Request
from pdd_tasks.errors import ReplayMissError


_DIFF_LINES: Final = 20
_DIFF_WIDTH: Final = 120


def miss(
    root: Path,
    request: Request,
    settings: ModelSettings,
    redactor: Redactor,
    unit: str,
) -> ReplayMissError:
    """Return the error, with what differs from the nearest recorded request.

    Args:
        root: The state root.
        request: What is asked.
        settings: Who would be asked.
        redactor: Redacts what is shown.
        unit: The unit that asks.
    """
    said = f"nothing is recorded for this {request.kind} request"
    stored = stored_request(request, redactor)
    lines = _difference(root, request, readable_lines(stored))
    diff = "".join(f"\n    {line}" for line in lines)
    return ReplayMissError(
        f"{said} (key {request.key[:12]}); {diff.lstrip()}",
        hint=_way_to_live(settings, request, unit),
    )


def _difference(root: Path, request: Request, lines: list[str]) -> list[str]:
    from difflib import SequenceMatcher, unified_diff

    folder = PurePosixPath(STATE_FOLDER, "cache", request.kind)
    matcher = SequenceMatcher(None, [], lines, autojunk=False)
    best, nearest = -1.0, None
    for entry in _recorded(root / folder):
        matcher.set_seq1(readable_lines(entry.request))
        if (ratio := matcher.quick_ratio()) > best:
            best, nearest = ratio, entry
    if nearest is None:
        return [f"{folder} holds no recording"]
    diff = unified_diff(
        readable_lines(nearest.request), lines, "recorded", "asked", "", "", 1, ""
    )
    shown = [line[:_DIFF_WIDTH] for line in diff]
    more = ["…"] if len(shown) > _DIFF_LINES else []
    label = f" ({nearest.label})" if nearest.label else ""
    head = f"the nearest recording, {nearest.key[:12]}{label}, differs:"
    return [head, *shown[:_DIFF_LINES], *more]


def _recorded(folder: Path) -> Iterator[Entry]:
    for path in sorted(folder.glob("*.json")):
        try:
            yield Entry.parse(path.read_bytes(), path.stem)
        except (ValueError, OSError):
            continue  # only looked at to help; asked for itself it is refused


def _way_to_live(settings: ModelSettings, request: Request, unit: str) -> str:
    """Return what to type to ask a model; the name may be a recording's own."""
    if settings.provider is not Provider.LITELLM:
        return f"ask: doit sync:{unit} replies=live provider={settings.provider}"
    name = settings.model or request.model
    model = f"model={name}" if settings.api_base else "model=provider/name"
    key = "" if settings.api_base else ", with the provider's key set"
    key += f" (this request is for {name})" if name and not settings.api_base else ""
    return f"ask a model: doit sync:{unit} replies=live {model}{key}"
