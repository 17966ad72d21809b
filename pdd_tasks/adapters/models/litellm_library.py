"""litellm as a library, without its traps; the only importer of it, and that lazily.

It translates requests, counts tokens and knows prices. Rule 1: it stays offline but
for the endpoint, quiet, and out of ``.env`` files. Rule 2: what it knows of models is
asked here, in our words; what it returns and raises ends in `litellm_model`.
"""

import gc
import os
import threading
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import Any, Final

from pdd_tasks.core.prompt.request import Request
from pdd_tasks.errors import ConfigError


_LOADING: Final = threading.Lock()
_loaded: list[ModuleType] = []


def library() -> ModuleType:
    """Return litellm; the first caller imports it, and whoever else asks waits.

    Python's search for garbage is off meanwhile, and what was made is left out of it
    for good: the import makes half a million objects that stay, and looking through
    them again and again takes a quarter of its time (litellm 1.106: 2.5 s CPU with the
    first request prepared, 1.8 s so; only to switch it off saves nothing, since the
    next search then looks through all of them).
    """
    with _LOADING:
        if not _loaded:
            searched = gc.isenabled()
            gc.disable()
            try:
                _loaded.append(_imported())
                gc.freeze()
            finally:
                if searched:
                    gc.enable()
        return _loaded[0]


def _imported() -> ModuleType:
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # else fetched at import
    os.environ["LITELLM_MODE"] = "PRODUCTION"  # else every .env upwards is loaded
    import litellm

    litellm.suppress_debug_info = True
    litellm.disable_hf_tokenizer_download = True  # counting needs no network
    litellm.telemetry = False
    module: ModuleType = litellm
    return module


def upstream_error() -> type[Exception]:
    """Return the base of every error of litellm; they are built on openai's."""
    error: type[Exception] = import_module("openai").OpenAIError
    return error


def missing_keys(litellm: ModuleType, model: str) -> list[str]:
    """Return the variables that a model's key is missing from.

    Cloud accounts are found by their own tools in more places than the environment,
    so their variables are never demanded. A variable that is set to nothing, as CI sets
    a secret that it does not have, is as good as none; to litellm it is a key.

    Args:
        litellm: litellm.
        model: The model, ``provider/name``.

    Raises:
        ConfigError: If the model's name names no provider.
    """
    try:
        _, provider, *_ = litellm.get_llm_provider(model=model)
    except upstream_error():
        raise ConfigError(
            f"model {model!r} names no known provider",
            hint="name it provider/name, for example model=openai/gpt-5.4-mini",
        ) from None
    missing: list[str] = litellm.validate_environment(model)["missing_keys"]
    usual = f"{provider.upper()}_API_KEY"
    if not missing and not os.environ.get(usual, usual).strip():
        missing = [usual]
    return [
        name
        for name in missing
        if name.endswith(("_KEY", "_TOKEN")) and not name.startswith("AWS_")
    ]


def dropped(
    litellm: ModuleType, request: Request, arguments: Mapping[str, Any]
) -> tuple[str, ...]:
    """Return what was asked for and not sent; litellm drops it without a word.

    Args:
        litellm: litellm.
        request: What was asked for.
        arguments: What litellm was given.
    """
    names = {"response_format"} if request.schema else set()
    if "temperature" in arguments:
        model, provider, *_ = litellm.get_llm_provider(model=request.model)
        sent = litellm.get_optional_params(
            model=model,
            custom_llm_provider=provider,
            temperature=request.temperature,
            drop_params=True,
        )
        names |= {"temperature"} - set(sent)
    return tuple(sorted(names - ({"response_format"} & set(arguments))))
