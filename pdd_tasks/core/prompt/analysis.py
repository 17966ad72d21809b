"""A model's opinion on two sets of changes, read strictly from its reply."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, cast

import jsonschema

from pdd_tasks.core.prompt.reply import json_in
from pdd_tasks.errors import ReplyError


SURE: Final = 0.8
"""Confidence below which an opinion counts for nothing."""


class Advice(StrEnum):
    """What a model may advise; nothing that drops a person's bytes."""

    MERGE = "merge"  # the two sets of changes do not touch the same thing
    MINE = "mine"  # the person's code already does what the prompt asks
    ASK = "ask"  # a person must choose


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What a model advises.

    Attributes:
        advice: What to do.
        confidence: How sure it is, 0 to 1.
        because: Why, one line.
    """

    advice: Advice
    confidence: float
    because: str

    @property
    def sure(self) -> bool:
        """True if it may be followed."""
        return self.confidence >= SURE


_SCHEMA: Final[dict[str, object]] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["advice", "confidence", "because"],
    "properties": {
        "advice": {"enum": [str(advice) for advice in Advice]},
        "because": {"type": "string", "minLength": 1, "maxLength": 300},
        "confidence": {"type": "number", "minimum": 0, "maximum": 1},
    },
}
ANALYSIS_SCHEMA: Final = json.dumps(_SCHEMA, sort_keys=True, separators=(",", ":"))


def analysis(text: str) -> Analysis:
    """Return the analysis that a reply holds as JSON, alone or in one fence.

    Raises:
        ReplyError: If it is not of the schema; the message says where.
    """
    value = json_in(text)
    error = jsonschema.exceptions.best_match(
        jsonschema.Draft202012Validator(_SCHEMA).iter_errors(value)
    )
    if error is not None:
        where = "/".join(str(part) for part in error.absolute_path) or "the object"
        msg = f"the analysis is not of its schema: {where}: {error.message}"
        raise ReplyError(msg)
    return _analysis(cast("Mapping[str, str | float]", value))


def _analysis(value: Mapping[str, str | float]) -> Analysis:
    return Analysis(
        advice=Advice(str(value["advice"])),
        confidence=float(value["confidence"]),
        because=" ".join(str(value["because"]).split()),
    )
