"""A live model through litellm; the only importer of litellm, and that lazily.

litellm translates requests, counts tokens and knows prices. Retries, money and errors
are ours: its own retries send more requests than they admit, its budget is never
checked, and its exceptions do not survive pickling (litellm 1.84 to 1.106). Rule 1: one
reservation, one upstream request, one settlement. Rule 2: nothing of litellm leaves
this file.
"""

import json
import math
import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from importlib import import_module
from types import ModuleType
from typing import Any, Final, Protocol

from pdd_tasks.adapters.models.failure import (
    NO_CHOICE,
    REFUSED,
    TRUNCATED,
    Failure,
    backoff_s,
    failure_of,
    shortened,
)
from pdd_tasks.adapters.models.price import amount, table_price, whole
from pdd_tasks.core.model.ledger import MICRO
from pdd_tasks.core.model.settings import ModelSettings, Price
from pdd_tasks.core.model.spending import Bill, Charge
from pdd_tasks.core.prompt.redact import Redactor
from pdd_tasks.core.prompt.request import Reply, Request
from pdd_tasks.errors import AnsweredError, ConfigError, MissingKeyError


INPUT_FACTOR: Final = 1.5  # newer tokenizers give up to 1.47 times the bundled count


class _Response(Protocol):
    """What is read of litellm's response, which follows the OpenAI protocol."""

    choices: Sequence[Any]
    model: str | None


class Passage(Protocol):
    """A request that is set aside; its bill is put here."""

    bill: Bill


class Till(Protocol):
    """Where a model pays."""

    def paid(self, charge: Charge) -> AbstractContextManager[Passage]:
        """Make one upstream request inside, once it is set aside, or refuse it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Quote:
    """What a request may cost; `is_ours` if the price was set, not looked up."""

    price: Price | None
    charge: Charge
    is_ours: bool


class LiteLlmModel:
    """Asks a live model, pays for it, and tries again where that may help."""

    def __init__(
        self,
        settings: ModelSettings,
        till: Till,
        redactor: Redactor,
        *,
        tell: Callable[[str], None],
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings = settings
        self._till = till
        self._redactor = redactor
        self._tell = tell
        self._pause = pause

    def complete(self, request: Request) -> Reply:
        """Return the reply to a request.

        Raises:
            ConfigError: If no model is chosen, or its name names no provider.
            ModelError: If there is no key, the reply is cut off or refused, the
                request is too long, or the endpoint kept failing.
            BudgetError: If the next request's worst case does not fit the ledger.
        """
        if not request.model:
            raise ConfigError(
                "no model is chosen, and nothing is recorded for this request",
                hint="choose one: model=provider/name on the command line, or model: "
                "in .pddrc",
            )
        library = _library()
        arguments = self._arguments(library, request)
        quote = self._quote(library, request)
        attempt = 1
        while isinstance(outcome := self._asked(library, arguments, quote), Failure):
            self._wait_or_raise(request, outcome, attempt)
            attempt += 1
        return replace(outcome, dropped=_dropped(library, request, arguments))

    def reject(self, request: Request, because: str) -> None:
        """Record nothing: what has no record cannot be marked."""

    def _arguments(self, library: ModuleType, request: Request) -> dict[str, Any]:
        arguments: dict[str, Any] = {
            "model": request.model,
            "messages": _messages(request),
            "max_tokens": request.max_tokens,
            "timeout": self._settings.timeout_s,
            "drop_params": True,
            "max_retries": 0,
            "num_retries": 0,
        }
        if request.temperature is not None:
            arguments["temperature"] = request.temperature
        if request.schema and library.supports_response_schema(model=request.model):
            arguments["response_format"] = _response_format(request)
        if self._settings.api_base:
            arguments["api_base"] = self._settings.api_base
        missing = _missing_keys(library, request.model)
        if missing and self._settings.api_base:
            arguments["api_key"] = "none"  # local servers want no key, clients do
        elif missing:
            raise MissingKeyError(
                f"model {request.model}: {' and '.join(missing)} is not set",
                hint=f"set {missing[0]} in the environment, or use what is recorded "
                "with replies=replay",
            )
        return arguments

    def _quote(self, library: ModuleType, request: Request) -> _Quote:
        prices = self._settings.prices
        bare = request.model.partition("/")[2]
        ours = prices.get(request.model) or prices.get(bare)
        price = ours or table_price(library.model_cost, request.model)
        messages = _messages(request)
        counted = library.token_counter(model=request.model, messages=messages)
        sent = counted * INPUT_FACTOR
        charge = Charge(
            kind=request.kind,
            model=f"{request.endpoint} {request.model}",
            worst=None if price is None else amount(price, sent, request.max_tokens),
            tokens=math.ceil(sent) + request.max_tokens,
            characters=sum(len(one["content"]) for one in messages),
        )
        return _Quote(price=price, charge=charge, is_ours=ours is not None)

    def _asked(
        self, library: ModuleType, arguments: dict[str, Any], quote: _Quote
    ) -> Reply | Failure:
        with self._till.paid(quote.charge) as passage:
            try:
                response = library.completion(**arguments)
                charged = _cost(response, quote)
                sent, received = _usage(response) or (None, None)
                passage.bill = Bill(cost=charged, tokens_in=sent, tokens_out=received)
                return _answer(response, charged, self._redactor)
            except _upstream_error() as error:
                failure = failure_of(error)
                passage.bill = Bill(
                    cost=failure.charged,
                    throttled=failure.throttled,
                    wait_s=failure.wait_s,
                )
                return failure

    def _wait_or_raise(self, request: Request, failure: Failure, attempt: int) -> None:
        tries = self._settings.retries + 1
        what = shortened(self._redactor.text(f"model {request.model}: {failure.what}"))
        if not failure.again or attempt == tries:
            after = f", after {attempt} attempts" if attempt > 1 else ""
            error = failure.kind(what + after, hint=failure.hint)
            if isinstance(error, AnsweredError):
                error.cost = failure.charged
            raise error
        wait_s = failure.wait_s if failure.wait_s is not None else backoff_s(attempt)
        self._tell(
            f"{what}; waiting {wait_s:g} s, then attempt {attempt + 1} of {tries}"
        )
        self._pause(wait_s)


def _library() -> ModuleType:
    """Return litellm, told to stay offline, quiet, and out of ``.env`` files."""
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # else fetched at import
    os.environ["LITELLM_MODE"] = "PRODUCTION"  # else every .env upwards is loaded
    import litellm as library

    library.suppress_debug_info = True
    library.disable_hf_tokenizer_download = True  # counting needs no network
    library.telemetry = False
    module: ModuleType = library
    return module


def _upstream_error() -> type[Exception]:
    """Return the base of every error of litellm; they are built on openai's."""
    error: type[Exception] = import_module("openai").OpenAIError
    return error


def _missing_keys(library: ModuleType, model: str) -> list[str]:
    """Return the variables that a model's key is missing from.

    Cloud accounts are found by their own tools in more places than the environment,
    so their variables are never demanded.

    Raises:
        ConfigError: If the model's name names no provider.
    """
    try:
        library.get_llm_provider(model=model)
    except _upstream_error():
        raise ConfigError(
            f"model {model!r} names no known provider",
            hint="name it provider/name, for example model=openai/gpt-5.4-mini",
        ) from None
    missing: list[str] = library.validate_environment(model)["missing_keys"]
    return [
        name
        for name in missing
        if name.endswith(("_KEY", "_TOKEN")) and not name.startswith("AWS_")
    ]


def _dropped(
    library: ModuleType, request: Request, arguments: Mapping[str, Any]
) -> tuple[str, ...]:
    """Return what was asked for and not sent; litellm drops it without a word."""
    dropped = {"response_format"} if request.schema else set()
    if "temperature" in arguments:
        model, provider, *_ = library.get_llm_provider(model=request.model)
        sent = library.get_optional_params(
            model=model,
            custom_llm_provider=provider,
            temperature=request.temperature,
            drop_params=True,
        )
        dropped |= {"temperature"} - set(sent)
    return tuple(sorted(dropped - ({"response_format"} & set(arguments))))


def _messages(request: Request) -> list[dict[str, str]]:
    return [{"role": m.role, "content": m.content} for m in request.messages]


def _response_format(request: Request) -> dict[str, object]:
    schema = {"name": request.kind, "schema": json.loads(request.schema)}
    return {"type": "json_schema", "json_schema": schema}


def _cost(response: _Response, quote: _Quote) -> int | None:
    """Return what a reply cost; None without usage or without a price.

    Usage that is missing arrives as zeros, which would pass for free.
    """
    usage = _usage(response)
    if usage is None or quote.price is None:
        return None
    known = getattr(response, "_hidden_params", {}).get("response_cost")
    if known is not None and not quote.is_ours:
        return whole(known * MICRO)
    return amount(quote.price, *usage)


def _usage(response: _Response) -> tuple[int, int] | None:
    usage = getattr(response, "usage", None)
    if usage is None or not usage.prompt_tokens:
        return None
    return usage.prompt_tokens, usage.completion_tokens


def _answer(
    response: _Response, charged: int | None, redactor: Redactor
) -> Reply | Failure:
    answer = _reply(response, charged, redactor)
    return replace(answer, charged=charged) if isinstance(answer, Failure) else answer


def _reply(
    response: _Response, charged: int | None, redactor: Redactor
) -> Reply | Failure:
    """Return a full reply, or why there is none; emptiness is the parser's business."""
    if not response.choices:
        return NO_CHOICE
    choice = response.choices[0]
    if choice.finish_reason == "length":
        return TRUNCATED
    if choice.finish_reason == "content_filter" or _refusal(choice.message):
        return REFUSED
    text = (choice.message.content or "").encode(errors="replace").decode()
    tokens_in, tokens_out = _usage(response) or (None, None)
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
