from typing import Any

import pytest

from pdd_tasks.adapters.models.price import amount, table_price, whole
from pdd_tasks.core.model.settings import Price


TABLE: dict[str, dict[str, Any]] = {
    "m": {
        "litellm_provider": "openai",
        "input_cost_per_token": 7.5e-07,
        "output_cost_per_token": 4.5e-06,
        "input_cost_per_token_batches": 9.0,
    },
    "gemini/tiered": {
        "litellm_provider": "gemini",
        "input_cost_per_token": 1e-06,
        "input_cost_per_token_above_200k_tokens": 2e-06,
        "output_cost_per_token": 5e-06,
        "output_cost_per_token_above_200k_tokens": 6e-06,
    },
    "ollama/free": {"input_cost_per_token": 0.0, "output_cost_per_token": 0.0},
    "image": {"input_cost_per_token": 1e-06},
}


@pytest.mark.parametrize(
    "model, price",
    [
        pytest.param("m", Price(input=750_000, output=4_500_000), id="bare"),
        pytest.param("openai/m", Price(input=750_000, output=4_500_000), id="provider"),
        pytest.param("groq/m", None, id="another-provider-s-namesake"),
        pytest.param(
            "gemini/tiered", Price(input=2_000_000, output=6_000_000), id="dearest"
        ),
        pytest.param("ollama/free", Price(input=0, output=0), id="free"),
        pytest.param("image", None, id="half-a-price"),
        pytest.param("openai/unheard-of", None, id="unknown"),
    ],
)
def test_the_price_of_the_table(model, price):
    assert table_price(TABLE, model) == price


def test_an_amount_is_rounded_up_to_whole_micro_dollars():
    assert amount(Price(input=750_000, output=4_500_000), 1, 0) == 1
    assert amount(Price(input=1_000_000, output=2_000_000), 100, 50) == 200


@pytest.mark.parametrize(
    "exact, rounded",
    [
        pytest.param(300.0000000001, 300, id="noise"),
        pytest.param(300.01, 301, id="a-fraction"),
        pytest.param(0, 0, id="nothing"),
    ],
)
def test_rounding_up_ignores_the_noise_of_floats(exact, rounded):
    assert whole(exact) == rounded
