"""The settings a person can give: their names, forms and environment variables.

One row a setting. What is not here: where values come from and which one wins
(`pdd_tasks.plugin.config`).
"""

import dataclasses
import math
import posixpath
import re
import shlex
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from pdd_tasks.core.model.agent import AGENTS
from pdd_tasks.core.model.ceiling import Ceiling, Scope
from pdd_tasks.core.model.ledger import MICRO
from pdd_tasks.core.model.safety_copy import LEAST_DAYS
from pdd_tasks.core.model.settings import (
    AutoDeps,
    CacheWrite,
    CommandForm,
    CommandReply,
    Cycles,
    LockPlace,
    OnBreaking,
    Price,
    Provider,
    Replies,
    SafetyPlace,
    Strictness,
)
from pdd_tasks.core.model.step import Step


PLACEHOLDERS: Final = ("name", "category", "dir_prefix", "ext", "language")
"""What a place may name of a unit, in the order messages list them."""


class InnerError(ValueError):
    """What is wrong inside of a mapping.

    Attributes:
        keys: The keys that lead to it.
        value: What stands there.
        expected: What should; empty if the last key means nothing.
        known: The keys that mean something there.
    """

    def __init__(
        self,
        *keys: object,
        value: object = None,
        expected: str = "",
        known: Iterable[str] = (),
    ) -> None:
        super().__init__(*keys)
        self.keys, self.value = keys, value
        self.expected, self.known = expected, tuple(known)


class Kind(NamedTuple):
    """The form of a value.

    Attributes:
        expected: What a message says was expected.
        read: Returns the value as settings hold it; TypeError or ValueError if the
            form is wrong.
        plain: Makes of a text what YAML would make of it; ValueError as for `read`.
    """

    expected: str
    read: Callable[[object], object]
    plain: Callable[[str], object] = str


class Part(StrEnum):
    """Which value a setting goes into."""

    SETTINGS = "settings"
    MODEL = "model"
    PLACES = "places"


class Key(NamedTuple):
    """One setting: its form, the value and field it goes into, its variables."""

    kind: Kind
    part: Part
    field: str
    variables: tuple[str, ...] = ()


def plain_number(text: str) -> float | None:
    """Return a text as a number; None for ``none``.

    Raises:
        ValueError: If it is neither.
    """
    if text.strip().lower() == "none":
        return None
    try:
        return int(text)
    except ValueError:
        return float(text)


def _plain_flag(text: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True}
    words |= {"0": False, "false": False, "no": False, "off": False}
    if text.strip().lower() not in words:
        raise ValueError
    return words[text.strip().lower()]


def _plain_list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _number(value: object, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    if not (math.isfinite(value) and low <= value <= high):
        raise ValueError
    return float(value)


def _between(low: float, high: float) -> Callable[[object], object]:
    return lambda value: _number(value, low, high)


def _whole_from(low: int) -> Callable[[object], object]:
    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < low:
            raise ValueError
        return value

    return read


def _or_none(read: Callable[[object], object]) -> Callable[[object], object]:
    return lambda value: None if value is None else read(value)


def _seconds(value: object) -> float:
    number = _number(value, 0, math.inf)
    if number == 0:
        raise ValueError
    return number


def _micro(value: object) -> int:
    return round(_number(value, 0, 1e9) * MICRO)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or "\n" in value:
        raise ValueError
    return value


def _filled(value: object) -> str:
    text = _text(value).strip()
    if not text:
        raise ValueError
    return text


def _names(value: object) -> tuple[str, ...]:
    texts = _filled_list(value)
    if not all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", one) for one in texts):
        raise ValueError
    return texts


def _filled_list(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(_filled(one) for one in value)


def _arguments(value: object) -> tuple[str, ...]:
    found = _filled_list(value)
    if not all(part.isprintable() for part in found):
        raise ValueError
    return found


def _place(value: object) -> str:
    path = _inside(value)
    if not set(re.findall(r"{([^}]*)}", path)) <= set(PLACEHOLDERS):
        raise ValueError
    return path


def _inside(value: object) -> str:
    path = _filled(value)
    normal = posixpath.normpath(path)
    if path.startswith(("/", "~")) or "\\" in path or "\0" in path:
        raise ValueError
    if normal == ".." or normal.startswith("../"):
        raise ValueError
    return path


def _folder(value: object) -> str:
    return posixpath.normpath(_inside(value))


def _inside_list(value: object) -> tuple[str, ...]:
    return tuple(_inside(one) for one in _filled_list(value))


def _languages(value: object) -> tuple[str, ...]:
    found = tuple(one.lower() for one in _filled_list(value))
    if len(set(found)) < len(found):
        raise ValueError
    return found


def _prices(value: object) -> Mapping[str, Price]:
    if not isinstance(value, dict):
        raise TypeError
    return {_filled(model): _price(model, one) for model, one in value.items()}


def _price(model: object, value: object) -> Price:
    if not isinstance(value, dict) or set(value) != {"input", "output"}:
        expected = "a mapping of input and output to dollars for a million tokens"
        raise InnerError(model, value=value, expected=expected)
    found = {str(key): _dollars(one, model, key) for key, one in value.items()}
    return Price(**found)


def _dollars(value: object, *keys: object) -> int:
    """Return an amount inside of a mapping.

    Raises:
        InnerError: If it is none; the keys lead to it.
    """
    try:
        return _micro(value)
    except (TypeError, ValueError):
        expected = "an amount in dollars from 0"
        raise InnerError(*keys, value=value, expected=expected) from None


def _agent(value: object) -> str:
    name = _text(value)
    if name and name not in AGENTS:
        raise ValueError
    return name


def _address(value: object) -> str:
    text = _text(value).strip()
    if text and not re.fullmatch(r"[a-z][a-z0-9+.-]*://[^\s@]+", text):
        raise ValueError  # a password in a file that is committed is none
    return text


def _command_reply(value: object) -> CommandReply:
    if not isinstance(value, dict):
        raise TypeError
    names = {field.name for field in dataclasses.fields(CommandReply)}
    for name in value:
        if name not in names:
            raise InnerError(name, known=names)
    texts = {str(name): _filled(one) for name, one in value.items()}
    form = CommandForm(texts.pop("form", ""))
    if (form is CommandForm.TEXT) == ("text" in texts):
        raise ValueError
    from pdd_tasks.core.prompt.printed_reply import is_path  # noqa: PLC0415 - seldom

    for name, one in texts.items():
        if not is_path(one):
            expected = "a path of names with dots between"
            raise InnerError(name, value=one, expected=expected)
    return CommandReply(form=form, **texts)


def _ceiling(value: object) -> Ceiling:
    if not isinstance(value, dict):
        raise TypeError
    for scope in value:
        if scope not in set(Scope):
            raise InnerError(scope, known=Scope)
    found = {Scope(scope): _dollars(one, scope) for scope, one in value.items()}
    return Ceiling(
        run=found.get(Scope.RUN),
        unit=found.get(Scope.UNIT),
        step=found.get(Scope.STEP),
        day=found.get(Scope.DAY),
        project=found.get(Scope.PROJECT),
    )


def _only_in_file(text: str) -> object:
    raise ValueError(text)


def _choice(kind: type[StrEnum]) -> Kind:
    # StrEnum itself raises ValueError for what is none of its values.
    return Kind(" or ".join(kind), lambda value: kind(_text(value)))


_ONE_UP: Final = Kind("a whole number from 1", _whole_from(1), plain_number)
_ONE_UP_OR_NONE: Final = Kind(
    "a whole number from 1, or none", _or_none(_whole_from(1)), plain_number
)
_ZERO_UP: Final = Kind("a whole number from 0", _whole_from(0), plain_number)
_SECONDS: Final = Kind("a number of seconds above 0", _seconds, plain_number)
_FLAG: Final = Kind("true or false", _flag, _plain_flag)
_TEXT: Final = Kind("a text on one line", _text)
PLACE: Final = Kind(
    "a relative path that stays in the project, with "
    + " ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    + " where wanted",
    _place,
)
_STRICTNESS: Final = _choice(Strictness)
_ARGUMENTS: Final = Kind("a list of arguments", _arguments, shlex.split)

KEYS: Final[Mapping[str, Key]] = {
    "target_coverage": Key(
        Kind("a percentage, 0 to 100", _between(0, 100), plain_number),
        Part.SETTINGS,
        "target_coverage",
        ("PDD_TEST_COVERAGE_TARGET",),
    ),
    "coverage": Key(_STRICTNESS, Part.SETTINGS, "coverage"),
    "verify": Key(_STRICTNESS, Part.SETTINGS, "verify"),
    "max_attempts": Key(_ONE_UP, Part.SETTINGS, "max_attempts"),
    "stability_runs": Key(_ONE_UP, Part.SETTINGS, "stability_runs"),
    "run_timeout": Key(_SECONDS, Part.SETTINGS, "run_timeout_s"),
    "test_timeout": Key(_SECONDS, Part.SETTINGS, "test_timeout_s"),
    "output_limit": Key(_ONE_UP, Part.SETTINGS, "output_limit_bytes"),
    "file_limit": Key(_ONE_UP, Part.SETTINGS, "file_limit_bytes"),
    "interpreter": Key(_TEXT, Part.SETTINGS, "interpreter"),
    "format": Key(_ARGUMENTS, Part.SETTINGS, "format"),
    "environment": Key(
        Kind("a list of variable names", _names, _plain_list),
        Part.SETTINGS,
        "environment",
    ),
    "budget": Key(
        Kind("an amount in dollars from 0", _micro, plain_number),
        Part.SETTINGS,
        "budget",
    ),
    "max_calls": Key(
        Kind("a whole number from 0, or none", _or_none(_whole_from(0)), plain_number),
        Part.SETTINGS,
        "max_calls",
    ),
    "ceiling": Key(
        Kind(
            "a mapping, in .pddrc, of run, unit, step, day or project to an amount in"
            " dollars from 0",
            _ceiling,
            _only_in_file,
        ),
        Part.SETTINGS,
        "ceiling",
    ),
    "confirm_above": Key(
        Kind("an amount in dollars from 0, or none", _or_none(_micro), plain_number),
        Part.SETTINGS,
        "confirm_above",
    ),
    "max_operations": Key(_ONE_UP_OR_NONE, Part.SETTINGS, "max_operations"),
    "max_time": Key(
        Kind("a number of seconds above 0, or none", _or_none(_seconds), plain_number),
        Part.SETTINGS,
        "max_time_s",
    ),
    "max_llm_calls_per_minute": Key(
        _ONE_UP_OR_NONE, Part.SETTINGS, "max_llm_calls_per_minute"
    ),
    "max_tokens_per_minute": Key(
        _ONE_UP_OR_NONE, Part.SETTINGS, "max_tokens_per_minute"
    ),
    "max_concurrent_calls": Key(_ONE_UP_OR_NONE, Part.SETTINGS, "max_concurrent_calls"),
    "fix": Key(_FLAG, Part.SETTINGS, "fix"),
    "force": Key(_FLAG, Part.SETTINGS, "force"),
    "accept_updates": Key(_FLAG, Part.SETTINGS, "accept_updates"),
    "on_breaking": Key(_choice(OnBreaking), Part.SETTINGS, "on_breaking"),
    "accept_breaking": Key(_FLAG, Part.SETTINGS, "accept_breaking"),
    "cycles": Key(_choice(Cycles), Part.SETTINGS, "cycles"),
    "interactive": Key(_FLAG, Part.SETTINGS, "interactive"),
    "merge_threshold": Key(_ZERO_UP, Part.SETTINGS, "merge_threshold"),
    "merge_driver": Key(_TEXT, Part.SETTINGS, "merge_driver"),
    "wait": Key(
        Kind(
            "a number of seconds from 0, or none",
            _or_none(_between(0, math.inf)),
            plain_number,
        ),
        Part.SETTINGS,
        "wait_s",
    ),
    "max_concurrent_syncs": Key(
        Kind("a whole number from 1, or none", _or_none(_whole_from(1)), plain_number),
        Part.SETTINGS,
        "max_concurrent_syncs",
    ),
    "max_concurrent_runs": Key(
        Kind("a whole number from 1, or none", _or_none(_whole_from(1)), plain_number),
        Part.SETTINGS,
        "max_concurrent_runs",
    ),
    "profile": Key(Kind("the name of a profile", _filled), Part.SETTINGS, "profile"),
    "resume_from": Key(_choice(Step), Part.SETTINGS, "resume_from"),
    "yes": Key(_FLAG, Part.SETTINGS, "yes"),
    "lock_dir": Key(_choice(LockPlace), Part.SETTINGS, "lock_dir"),
    "safety": Key(_choice(SafetyPlace), Part.SETTINGS, "safety"),
    "safety_days": Key(
        Kind(
            f"a whole number from {LEAST_DAYS}", _whole_from(LEAST_DAYS), plain_number
        ),
        Part.SETTINGS,
        "safety_days",
    ),
    "safety_keep": Key(_ONE_UP, Part.SETTINGS, "safety_keep"),
    "log_ttl": Key(
        Kind(
            "a number of days from 0, or none",
            _or_none(_between(0, math.inf)),
            plain_number,
        ),
        Part.SETTINGS,
        "log_ttl_days",
    ),
    "output_cost": Key(_TEXT, Part.SETTINGS, "output_cost", ("PDD_OUTPUT_COST_PATH",)),
    "provider": Key(_choice(Provider), Part.MODEL, "provider"),
    "model": Key(_TEXT, Part.MODEL, "model", ("PDD_MODEL_DEFAULT",)),
    "endpoint": Key(_TEXT, Part.MODEL, "endpoint"),
    "api_base": Key(_TEXT, Part.MODEL, "api_base"),
    "temperature": Key(
        Kind("a number from 0 to 2, or none", _or_none(_between(0, 2)), plain_number),
        Part.MODEL,
        "temperature",
    ),
    "max_tokens": Key(_ONE_UP, Part.MODEL, "max_tokens"),
    "model_timeout": Key(_SECONDS, Part.MODEL, "timeout_s"),
    "retries": Key(_ZERO_UP, Part.MODEL, "retries"),
    "replies": Key(_choice(Replies), Part.MODEL, "replies"),
    "label": Key(_TEXT, Part.MODEL, "label"),
    "prices": Key(
        Kind(
            "a mapping, in .pddrc, of model to {input: …, output: …} in dollars for a"
            " million tokens",
            _prices,
            _only_in_file,
        ),
        Part.MODEL,
        "prices",
    ),
    "agent": Key(Kind(" or ".join(AGENTS), _agent), Part.MODEL, "agent"),
    "command": Key(_ARGUMENTS, Part.MODEL, "command"),
    "command_version": Key(_ARGUMENTS, Part.MODEL, "command_version"),
    "command_environment": Key(
        Kind("a list of variable names", _names, _plain_list),
        Part.MODEL,
        "command_environment",
    ),
    "command_reply": Key(
        Kind(
            "a mapping, in .pddrc, with form (text, json or jsonl) and, for json, the"
            " path of text and those of prompt_tokens, completion_tokens, cost, model"
            " and failed where there are such",
            _command_reply,
            _only_in_file,
        ),
        Part.MODEL,
        "command_reply",
    ),
    "command_max_cost": Key(
        Kind("an amount in dollars from 0, or none", _or_none(_micro), plain_number),
        Part.MODEL,
        "command_max_cost",
    ),
    "cache_user": Key(_FLAG, Part.MODEL, "cache_user"),
    "cache_remote": Key(
        Kind("an address, such as https://host/path, without a password", _address),
        Part.MODEL,
        "cache_remote",
    ),
    "cache_write": Key(_choice(CacheWrite), Part.MODEL, "cache_write"),
    "generate_output_path": Key(PLACE, Part.PLACES, "code"),
    "example_output_path": Key(PLACE, Part.PLACES, "example"),
    "test_output_path": Key(PLACE, Part.PLACES, "test"),
    "prompts_dir": Key(
        Kind("a relative path that stays in the project", _folder),
        Part.PLACES,
        "prompts_dir",
    ),
    "default_language": Key(_TEXT, Part.PLACES, "default_language"),
    "language_order": Key(
        Kind("a list of languages, each once", _languages, _plain_list),
        Part.SETTINGS,
        "language_order",
    ),
    "auto_deps": Key(_choice(AutoDeps), Part.SETTINGS, "auto_deps"),
    "context_files": Key(
        Kind("a list of globs inside the project", _inside_list, _plain_list),
        Part.SETTINGS,
        "context_files",
    ),
    "remove_redundant": Key(_FLAG, Part.SETTINGS, "remove_redundant"),
}

FOR_ONE_RUN: Final[Mapping[str, str]] = {
    "resume_from": "every later sync would leave the steps before it out",
    "yes": "every later question would be answered by it",
}
"""Keys that a file cannot have, each with its reason."""

IGNORED: Final[Mapping[str, str]] = {
    "strength": "the model is named, not ranked",
    "compressed_context": "requests carry the interfaces they need, uncompressed",
    "context_compression": "as compressed_context",
    "compress_examples": "as compressed_context",
    "compress_test_context": "as compressed_context",
    "compression_fallback": "as compressed_context",
    "auto_deps_csv_path": "dependencies are found by rules, without a summary cache",
    "test_token_budget": "the ledger and max_tokens limit a request",
    "test_ranking_weights": "all tests of a unit are shown",
    "test_dedup_threshold": "a new test must differ in body, and add something",
}
"""Keys of PDD's ``.pddrc`` that are accepted and do nothing, each with its reason."""
