"""What tokens cost, in whole micro-dollars, rounded up."""

import json
import math
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from pdd_tasks.core.model.ledger import MICRO
from pdd_tasks.core.model.settings import Price


_TABLE: Final = "model_prices_and_context_window_backup.json"


def amount(price: Price, tokens_in: float, tokens_out: int) -> int:
    """Return the micro-dollars that some tokens cost."""
    return whole((tokens_in * price.input + tokens_out * price.output) / MICRO)


def table_price(table: Mapping[str, Mapping[str, Any]], model: str) -> Price | None:
    """Return a model's price by litellm's table; None if the table has none.

    Where the price depends on the length of the request, it is the dearest one, so
    that a worst case is one.

    Args:
        table: Model name, with or without its provider → entry in dollars a token.
        model: ``provider/name``, or a name alone.
    """
    entry = table.get(model) or _unprefixed(table, model)
    tokens_in, tokens_out = _dearest(entry, "input"), _dearest(entry, "output")
    if tokens_in is None or tokens_out is None:
        return None
    return Price(input=tokens_in, output=tokens_out)


def bundled_price(model: str) -> Price | None:
    """Return a model's price by the table that litellm brings, without importing it.

    None if the table has no price, or there is no such table.
    """
    return table_price(_bundled(), model)


@cache
def _bundled() -> Mapping[str, Mapping[str, Any]]:
    spec = find_spec("litellm")
    with suppress(OSError, ValueError):
        for folder in (spec and spec.submodule_search_locations) or ():
            text = (Path(folder) / _TABLE).read_text(encoding="utf-8")
            table: dict[str, dict[str, Any]] = json.loads(text)
            return table
    return {}


def whole(amount: float) -> int:
    """Return an amount rounded up, but for the noise of a float's last digits."""
    return math.ceil(round(amount, 3))


def _unprefixed(
    table: Mapping[str, Mapping[str, Any]], model: str
) -> Mapping[str, Any]:
    """Return the entry of the bare name, if it is the same provider's."""
    provider, _, bare = model.partition("/")
    entry = table.get(bare, {})
    same = str(entry.get("litellm_provider", "")).startswith(provider)
    return entry if same else {}


def _dearest(entry: Mapping[str, Any], direction: str) -> int | None:
    name = f"{direction}_cost_per_token"
    tiers: list[float] = [
        value
        for key, value in entry.items()
        if key == name or (key.startswith(f"{name}_above_") and key.endswith("tokens"))
    ]
    return whole(max(tiers) * MICRO * MICRO) if name in entry else None
