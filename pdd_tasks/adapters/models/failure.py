"""What went wrong with one upstream request, and what follows from it.

Rule 1: an exception of litellm is read by its class names, status and headers, so
that this file imports nothing of it; its exceptions do not survive pickling and never
leave the adapters. Rule 2: whatever may have been billed counts as billed.
"""

import re
from dataclasses import dataclass
from typing import Final

from pdd_tasks.errors import (
    ContextOverflowError,
    ModelError,
    RefusedError,
    TruncatedError,
)


LONGEST_WAIT_S: Final = 300.0
_FIRST_WAIT_S: Final = 2.0
_WAIT_LIMIT_S: Final = 60.0
_LONGEST: Final = 400

_CLIENT_ERROR: Final = 400
_TOO_LARGE: Final = 413
_TOO_MANY: Final = 429
_SERVER_ERROR: Final = 500

_NOISE: Final = re.compile(r"(?:litellm\.|\w+(?:Error|Exception|Timeout)\b[:\s-]*)+")
_OVERFLOW: Final = re.compile(
    r"maximum context|context.length|context window|prompt is too long|too many tokens",
    re.IGNORECASE,
)
_POLICY: Final = re.compile(
    r"content.policy|content.filter|content management policy|safety system",
    re.IGNORECASE,
)
_QUOTA: Final = re.compile(
    r"insufficient_quota|exceeded your current quota", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One upstream request that failed.

    Attributes:
        what: What happened, as a clause: ``the endpoint is over its rate limit``.
        hint: What would help.
        kind: The error to raise when no attempt is left.
        again: Whether another attempt may help.
        wait_s: Seconds the endpoint asks to wait; None if it does not say.
        charged: Micro-dollars it cost; None if that is unknown.
        throttled: Whether the endpoint is asked too often.
    """

    what: str
    hint: str = ""
    kind: type[ModelError] = ModelError
    again: bool = False
    wait_s: float | None = None
    charged: int | None = None
    throttled: bool = False


TRUNCATED: Final = Failure(
    what="the reply was cut off at max_tokens",
    hint="raise max_tokens in .pddrc, or split the unit into smaller ones",
    kind=TruncatedError,
)
REFUSED: Final = Failure(
    what="the model declined to answer",
    hint="reword the prompt, or choose another model with model=provider/name",
    kind=RefusedError,
)
NO_CHOICE: Final = Failure(
    what="the endpoint's answer holds no reply",
    hint="try again later, or check api_base",
    again=True,
)
_OVERFLOWED: Final = Failure(
    what="the request is too long for the model",
    hint="shorten the prompt or its includes, or choose a model with a longer context",
    kind=ContextOverflowError,
    charged=0,
)
_UNREACHABLE: Final = Failure(
    what="the endpoint cannot be reached",
    hint="check the network and api_base",
    again=True,
    charged=0,
)
_LATE: Final = Failure(
    what="the endpoint did not answer in time",
    hint="raise model_timeout in .pddrc, or try again later",
    again=True,
)
_BROKEN: Final = Failure(
    what="the endpoint broke off, or its answer is not the JSON of a reply",
    hint="try again later, or check that api_base speaks the OpenAI protocol",
    again=True,
)
_UNSENDABLE: Final = Failure(
    what="the request cannot be sent: a header of it is no text of one line",
    hint="check the key in the environment: it may end with a line end or a space",
    charged=0,
)
_UNSENT: Final = {
    "ConnectError": _UNREACHABLE,
    "ConnectTimeout": _UNREACHABLE,
    "LocalProtocolError": _UNSENDABLE,
}


def failure_of(error: Exception) -> Failure:
    """Return what an exception of litellm means."""
    names = {kind.__name__ for kind in type(error).__mro__}
    status = _status(error)
    if "ContextWindowExceededError" in names or status == _TOO_LARGE:
        return _OVERFLOWED
    for cause in _chain(error):
        if (unsent := _UNSENT.get(type(cause).__name__)) is not None:
            return unsent
    if "Timeout" in names:
        return _LATE
    if status == _TOO_MANY:
        return _rate_limited(error)
    return (
        _rejected(error)
        if _CLIENT_ERROR <= status < _SERVER_ERROR
        else _unavailable(error)
    )


def backoff_s(attempt: int) -> float:
    """Return the seconds to wait after an attempt, from 1: 2, 4, 8, at most 60."""
    return min(_FIRST_WAIT_S * 2.0 ** (attempt - 1), _WAIT_LIMIT_S)


def shortened(text: str) -> str:
    """Return a text cut to what a person reads; redact it first, a half leaks."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _rate_limited(error: Exception) -> Failure:
    wait_s = _retry_after(_headers(error))
    if _QUOTA.search(str(error)):
        return Failure(
            what=f"the account's quota is used up: {_detail(error)}",
            hint="add credit at the provider, or choose another model",
            charged=0,
        )
    if wait_s is not None and wait_s > LONGEST_WAIT_S:
        return Failure(
            what=f"the endpoint is over its rate limit for another {wait_s:.0f} s",
            hint="run the same command again then; what was paid for is kept",
            charged=0,
            throttled=True,
        )
    return Failure(
        what="the endpoint is over its rate limit (429)",
        hint="run fewer units at once (-n), or try again later",
        again=True,
        wait_s=wait_s,
        charged=0,
        throttled=True,
    )


def _unavailable(error: Exception) -> Failure:
    headers = _headers(error)
    if not headers:  # an answer came, perhaps billed, that could not be read
        return _BROKEN
    wait_s = _retry_after(headers)
    return Failure(
        what=f"the endpoint failed ({_status(error)}): {_detail(error)}",
        hint="try again later",
        again=wait_s is None or wait_s <= LONGEST_WAIT_S,
        wait_s=wait_s,
        charged=0,
    )


def _rejected(error: Exception) -> Failure:
    status, text = _status(error), str(error)
    if _OVERFLOW.search(text):
        return _OVERFLOWED
    if _POLICY.search(text) or "ContentPolicy" in type(error).__name__:
        return Failure(
            what=REFUSED.what, hint=REFUSED.hint, kind=RefusedError, charged=0
        )
    hints = {
        401: "check the key in the environment",
        403: "check that the key may use this model",
        404: "check the model's name and api_base",
    }
    return Failure(
        what=f"the endpoint refused the request ({status}): {_detail(error)}",
        hint=hints.get(status, "check the model's name, provider/name, and settings"),
        charged=0,
    )


def _detail(error: Exception) -> str:
    return " ".join(_NOISE.sub("", str(error)).split()).strip(" -:")


def _status(error: Exception) -> int:
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) else 0


def _headers(error: Exception) -> dict[str, str]:
    headers = getattr(error, "litellm_response_headers", None) or {}
    return {str(name).lower(): str(value) for name, value in headers.items()}


def _chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def _retry_after(headers: dict[str, str]) -> float | None:
    """Return the seconds to wait; a date counts from the answer's own ``date``."""
    from email.utils import parsedate_to_datetime

    value = headers.get("retry-after", "")
    try:
        if value.replace(".", "", 1).isdecimal():
            return float(value)
        then = parsedate_to_datetime(value)
        return max((then - parsedate_to_datetime(headers["date"])).total_seconds(), 0.0)
    except (KeyError, ValueError, TypeError):
        return None
