"""One recorded reply: its form on disk, in ``.pdd/cache/<kind>/<key>.json``.

Text is kept as lists of lines, so that a diff of two recordings can be read. Rule 1:
what is read back is exactly what was written. Rule 2: a file that is broken, in
conflict, newer than this program or not what its name says is refused, never treated
as absent.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from pdd_tasks.core.prompt.redact import Redactor, could_be, is_redacted
from pdd_tasks.core.prompt.request import Reply, Request


SCHEMA: Final = 1
UNSAID: Final = "not said"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A reply with the request it answers.

    Attributes:
        key: The request's key.
        label: What the recording says it is; empty if it was asked live.
        recorded_at: When, ISO 8601 in UTC; never compared.
        because: Why the reply could not be used; empty if nobody said so.
        request: The canonical request without secrets, messages as lines.
        reply: The reply as it came, with what it cost then.
    """

    key: str
    label: str
    recorded_at: str
    because: str = ""
    request: Mapping[str, Any]
    reply: Reply

    @classmethod
    def parse(cls, data: bytes, key: str) -> Self:
        """Return the entry in a file's bytes.

        Args:
            data: The file's bytes.
            key: The key that the file is named by.

        Raises:
            ValueError: If they are not an entry of that key; the text says why.
        """
        try:
            value = _object(data)
            entry = cls(
                key=_text(value["key"]),
                label=_text(value["label"]),
                recorded_at=_text(value["recorded_at"]),
                because=_because(value),
                request=value["request"],
                reply=_reply(value),
            )
            _check_key(entry, key)
        except KeyError as error:
            raise ValueError(f"is not a recorded reply: it lacks {error}") from None
        except (TypeError, AttributeError, RecursionError) as error:
            raise ValueError(f"is not a recorded reply: {error}") from None
        return entry

    def form(self) -> bytes:
        """Return the bytes that `parse` reads: one key a line, sorted."""
        value = {
            "schema": SCHEMA,
            "key": self.key,
            "label": self.label,
            "model": self.reply.model,
            "recorded_at": self.recorded_at,
            "status": "rejected" if self.because else "ok",
            "because": self.because,
            "request": self.request,
            "reply": self.reply.text.split("\n"),
            "usage": {
                "prompt_tokens": self.reply.prompt_tokens,
                "completion_tokens": self.reply.completion_tokens,
            },
            "cost": self.reply.cost,
            **({"dropped": list(self.reply.dropped)} if self.reply.dropped else {}),
        }
        text = json.dumps(value, sort_keys=True, ensure_ascii=False, indent=1)
        return f"{text}\n".encode()

    def recalled(self) -> Reply:
        """Return the reply as one that costs nothing now and says where it is from."""
        return replace(self.reply, cost=0, recorded=self.label or "recorded")

    def answers(self, request: Request) -> bool:
        """Return whether this is the reply to a request, as far as it can be told.

        Where secrets were taken out, what is left must stand in the request in order.
        """
        asked = json.loads(request.canonical())
        stored = {**self.request, "messages": ()}
        if stored != {**asked, "messages": ()}:
            return False
        messages = self.request["messages"]
        return len(messages) == len(asked["messages"]) and all(
            one["role"] == other["role"]
            and could_be("\n".join(one["content"]), other["content"])
            for one, other in zip(messages, asked["messages"], strict=True)
        )

    def rejected(self, because: str) -> Self:
        """Return the entry with a reason why its reply could not be used."""
        return replace(self, because=because or UNSAID)


def stored_request(request: Request, redactor: Redactor) -> dict[str, Any]:
    """Return a request as it is stored: canonical, without secrets, in lines."""
    value: dict[str, Any] = json.loads(request.canonical())
    for message in value["messages"]:
        message["content"] = redactor.text(message["content"]).split("\n")
    return value


def readable_lines(request: Mapping[str, Any]) -> list[str]:
    """Return a stored request as lines to compare: parameters first, then messages."""
    parameters = [
        f"{name}: {value}"
        for name, value in sorted(request.items())
        if name != "messages"
    ]
    return parameters + [
        line
        for message in request["messages"]
        for line in (f"[{message['role']}]", *message["content"])
    ]


def _object(data: bytes) -> dict[str, Any]:
    if b"\n<<<<<<< " in data or data.startswith(b"<<<<<<< "):
        raise ValueError("holds the marks of a merge conflict")
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise TypeError("it holds no object")
    schema = value.get("schema")
    if not isinstance(schema, int) or schema < SCHEMA:
        raise ValueError(f"has schema {schema!r}, expected {SCHEMA}")
    if schema > SCHEMA:
        raise ValueError(f"has schema {schema}, newer than this program's {SCHEMA}")
    return value


def _reply(value: Mapping[str, Any]) -> Reply:
    usage = value["usage"]
    return Reply(
        text=_text("\n".join(_lines(value["reply"]))),
        model=_text(value["model"]),
        prompt_tokens=_count(usage["prompt_tokens"]),
        completion_tokens=_count(usage["completion_tokens"]),
        cost=_count(value["cost"]),
        dropped=tuple(_text(one) for one in _lines(value.get("dropped", []))),
    )


def _because(value: Mapping[str, Any]) -> str:
    match value["status"]:
        case "ok":
            return ""
        case "rejected":
            return _text(value["because"]) or UNSAID
        case status:
            raise ValueError(f"has status {status!r}, expected 'ok' or 'rejected'")


def _check_key(entry: Entry, key: str) -> None:
    if entry.key != key:
        raise ValueError(f"is named by another key than its own, {entry.key[:12]}")
    whole = _text(_canonical(entry.request))
    if not is_redacted(whole) and hashlib.sha256(whole.encode()).hexdigest() != key:
        raise ValueError("holds a request that its key does not belong to")


def _canonical(request: Mapping[str, Any]) -> str:
    """Return a stored request as `Request.canonical` formed it."""
    messages = [
        {"role": m["role"], "content": "\n".join(_lines(m["content"]))}
        for m in request["messages"]
    ]
    return json.dumps(
        {**request, "messages": messages},
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} stands where a text should")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("holds half of a character") from None
    return value


def _lines(value: object) -> list[str]:
    if not isinstance(value, list):
        raise TypeError(f"{value!r} stands where lines of text should")
    return value


def _count(value: object) -> int | None:
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise TypeError(f"{value!r} stands where a number should")
    return value
