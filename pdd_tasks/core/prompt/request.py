"""A request to a model as a value, its key, and the reply as a value.

Rule 1: a key covers what can change the answer and nothing else: no address, no
secret, no time, no unit name. Rule 2: what enters a message is the same on every
machine and every Python; whoever builds messages sees to that.
"""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Final


KEY_SCHEMA: Final = 1


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `role` is ``system``, ``user`` or ``assistant``."""

    role: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One question to a model.

    Attributes:
        kind: What is asked for, and the cache's folder: ``generate``, ``verify``.
        template: Name and version of the template: ``generate@1``.
        endpoint: Name of the endpoint, so that two servers do not share a key.
        model: The frozen model name.
        messages: In order; static rules first, volatile material last.
        max_tokens: Upper limit of the reply, in tokens.
        temperature: None leaves it to the provider.
        schema: JSON schema of the reply as canonical JSON text; empty for text.
        sample: Ordinal of the draw, from 0.
    """

    kind: str
    template: str
    endpoint: str
    model: str
    messages: tuple[Message, ...]
    max_tokens: int
    temperature: float | None = 0.0
    schema: str = ""
    sample: int = 0

    def canonical(self) -> str:
        """Return everything the key covers, as canonical JSON on one line."""
        value = {
            "cache_schema": KEY_SCHEMA,
            "endpoint": self.endpoint,
            "max_tokens": self.max_tokens,
            "messages": [
                {"role": m.role, "content": m.content.replace("\r\n", "\n")}
                for m in self.messages
            ],
            "model": self.model,
            "response_schema": self.schema,
            "sample": self.sample,
            "temperature": self.temperature,
            "template": self.template,
        }
        return json.dumps(
            value, sort_keys=True, ensure_ascii=False, separators=(",", ":")
        )

    @property
    def key(self) -> str:
        """SHA-256 of the canonical form, 64 hexadecimal digits."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back, in full; truncated and refused replies are errors instead.

    Attributes:
        text: The assistant's message.
        model: The model that the endpoint says answered.
        prompt_tokens: Tokens sent; None if not reported.
        completion_tokens: Tokens received; None if not reported.
        cost: Micro-dollars charged for this reply now; 0 for a recorded one; None
            if unknown.
        recorded: Label of the recording it comes from; empty if asked live.
        dropped: Names of parameters that were asked for and not sent, sorted: the
            model does not take them.
        key: Key under which it is recorded; empty if it is not. Never compared.
    """

    text: str
    model: str
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cost: int | None = None
    recorded: str = ""
    dropped: tuple[str, ...] = ()
    key: str = field(default="", compare=False)
