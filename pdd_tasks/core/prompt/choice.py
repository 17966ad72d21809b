"""A model's choice among several files, read strictly from its reply."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

import jsonschema

from pdd_tasks.core.prompt.reply import json_in
from pdd_tasks.errors import ReplyError


_BECAUSE: Final = {"type": "string", "minLength": 1, "maxLength": 300}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a model chose.

    Attributes:
        chosen: Names, in the order they were offered; none is a choice, too.
        because: Why, one line.
    """

    chosen: tuple[str, ...]
    because: str


def choice_schema(names: Sequence[str]) -> str:
    """Return the JSON schema of a choice among these names."""
    return json.dumps(_schema(names), sort_keys=True, separators=(",", ":"))


def choice(text: str, names: Sequence[str]) -> Choice:
    """Return the choice that a reply holds as JSON, alone or in one fence.

    Args:
        text: The reply.
        names: What was offered.

    Raises:
        ReplyError: If it is not of the schema; the message says where.
    """
    value = json_in(text)
    validator = jsonschema.Draft202012Validator(_schema(names))
    error = jsonschema.exceptions.best_match(validator.iter_errors(value))
    if error is not None:
        where = "/".join(str(part) for part in error.absolute_path) or "the object"
        msg = f"the choice is not of its schema: {where}: {error.message}"
        raise ReplyError(msg)
    fields = cast("Mapping[str, object]", value)
    chosen = frozenset(cast("Sequence[str]", fields["chosen"]))
    return Choice(
        chosen=tuple(name for name in names if name in chosen),
        because=" ".join(str(fields["because"]).split()),
    )


def _schema(names: Sequence[str]) -> dict[str, object]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["chosen", "because"],
        "properties": {
            "because": _BECAUSE,
            "chosen": {
                "type": "array",
                "uniqueItems": True,
                "items": {"enum": list(names)},
            },
        },
    }
