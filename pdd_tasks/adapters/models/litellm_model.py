"""A live model through litellm: asked, paid for, and asked again where that may help.

Retries, money and errors are ours: litellm's own retries send more requests than they
admit, its budget is never checked, and its exceptions do not survive pickling (litellm
1.84 to 1.106). Rule 1: one reservation, one upstream request, one settlement. Rule 2:
nothing of litellm leaves this file.
"""

import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any, Final

from pdd_tasks.adapters.models.failure import (
    Failure,
    backoff_s,
    failure_of,
    shortened,
)
from pdd_tasks.adapters.models.litellm_answer import Response, answer, usage
from pdd_tasks.adapters.models.litellm_library import (
    dropped,
    library,
    missing_keys,
    upstream_error,
)
from pdd_tasks.adapters.models.payment import Till
from pdd_tasks.adapters.models.price import amount, table_price, whole
from pdd_tasks.core.model.ledger import MICRO
from pdd_tasks.core.model.settings import ModelSettings, Price
from pdd_tasks.core.model.spending import Bill, Charge
from pdd_tasks.core.prompt.redact import Redactor
from pdd_tasks.core.prompt.request import Reply, Request
from pdd_tasks.errors import AnsweredError, ConfigError, MissingKeyError


INPUT_FACTOR: Final = 1.5  # newer tokenizers give up to 1.47 times the bundled count


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
        litellm = library()
        arguments = self._arguments(litellm, request)
        quote = self._quote(litellm, request)
        attempt = 1
        while isinstance(outcome := self._asked(litellm, arguments, quote), Failure):
            self._wait_or_raise(request, outcome, attempt)
            attempt += 1
        return replace(outcome, dropped=dropped(litellm, request, arguments))

    def reject(self, request: Request, because: str) -> None:
        """Record nothing: what has no record cannot be marked."""

    def _arguments(self, litellm: ModuleType, request: Request) -> dict[str, Any]:
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
        if request.schema and litellm.supports_response_schema(model=request.model):
            arguments["response_format"] = _response_format(request)
        if self._settings.api_base:
            arguments["api_base"] = self._settings.api_base
        missing = missing_keys(litellm, request.model)
        if missing and self._settings.api_base:
            arguments["api_key"] = "none"  # local servers want no key, clients do
        elif missing:
            raise MissingKeyError(
                f"model {request.model}: {' and '.join(missing)} is not set",
                hint=f"set {missing[0]} in the environment, or use what is recorded "
                "with replies=replay",
            )
        return arguments

    def _quote(self, litellm: ModuleType, request: Request) -> _Quote:
        prices = self._settings.prices
        bare = request.model.partition("/")[2]
        ours = prices.get(request.model) or prices.get(bare)
        price = ours or table_price(litellm.model_cost, request.model)
        messages = _messages(request)
        counted = litellm.token_counter(model=request.model, messages=messages)
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
        self, litellm: ModuleType, arguments: dict[str, Any], quote: _Quote
    ) -> Reply | Failure:
        with self._till.paid(quote.charge) as passage:
            try:
                response = litellm.completion(**arguments)
                charged = _cost(response, quote)
                sent, received = usage(response) or (None, None)
                passage.bill = Bill(cost=charged, tokens_in=sent, tokens_out=received)
                return answer(response, charged, self._redactor)
            except upstream_error() as error:
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


def _messages(request: Request) -> list[dict[str, str]]:
    return [{"role": m.role, "content": m.content} for m in request.messages]


def _response_format(request: Request) -> dict[str, object]:
    schema = {"name": request.kind, "schema": json.loads(request.schema)}
    return {"type": "json_schema", "json_schema": schema}


def _cost(response: Response, quote: _Quote) -> int | None:
    """Return what a reply cost; None without usage or without a price.

    Usage that is missing arrives as zeros, which would pass for free.
    """
    tokens = usage(response)
    if tokens is None or quote.price is None:
        return None
    known = getattr(response, "_hidden_params", {}).get("response_cost")
    if known is not None and not quote.is_ours:
        return whole(known * MICRO)
    return amount(quote.price, *tokens)
