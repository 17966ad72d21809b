"""What litellm's response says: the reply, what it took, and what it cost.

Rule 1: usage that is missing arrives as zeros, and is unknown, never free. Rule 2: a
reply that was cut off or declined is a failure, whatever text came with it.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol

from pdd_tasks.adapters.models.failure import NO_CHOICE, REFUSED, TRUNCATED, Failure
from pdd_tasks.core.prompt.redact import Redactor
from pdd_tasks.core.prompt.request import Reply


class Response(Protocol):
    """What is read of litellm's response, which follows the OpenAI protocol."""

    choices: Sequence[Any]
    model: str | None


def usage(response: Response) -> tuple[int, int] | None:
    """Return the tokens sent and received; None if it does not say."""
    found = getattr(response, "usage", None)
    if found is None or not found.prompt_tokens:
        return None
    return found.prompt_tokens, found.completion_tokens


def answer(
    response: Response, charged: int | None, redactor: Redactor
) -> Reply | Failure:
    """Return a full reply, or why there is none; emptiness is the parser's business.

    Args:
        response: The response.
        charged: Micro-dollars it cost; None if that is unknown.
        redactor: Takes secrets out of the reply.
    """
    found = _answer(response, charged, redactor)
    return replace(found, charged=charged) if isinstance(found, Failure) else found


def _answer(
    response: Response, charged: int | None, redactor: Redactor
) -> Reply | Failure:
    if not response.choices:
        return NO_CHOICE
    choice = response.choices[0]
    if choice.finish_reason == "length":
        return TRUNCATED
    if choice.finish_reason == "content_filter" or _refusal(choice.message):
        return REFUSED
    text = (choice.message.content or "").encode(errors="replace").decode()
    tokens_in, tokens_out = usage(response) or (None, None)
    return Reply(
        text=redactor.reply(text),
        model=redactor.text(response.model or ""),
        prompt_tokens=tokens_in,
        completion_tokens=tokens_out,
        cost=charged,
    )


def _refusal(message: Any) -> str:  # noqa: ANN401 - litellm's message
    """Return a refusal's words; litellm keeps them among the provider's own fields."""
    fields = getattr(message, "provider_specific_fields", None) or {}
    return getattr(message, "refusal", None) or fields.get("refusal") or ""
