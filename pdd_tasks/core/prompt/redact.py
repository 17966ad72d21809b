"""Secrets out of anything written: known values, and what is shaped like a key.

Rule 1: what is written is redacted, what is sent and what a key covers is not. Rule
2: one pass over the text, linear in its length: no pattern can backtrack into what an
earlier attempt has read.
"""

import binascii
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Self
from urllib.parse import quote, quote_plus


SHORTEST: Final = 8  # a shorter value would redact ordinary words
DISTINCT: Final = 20

_SECRET_NAME: Final = re.compile(
    r"key|token|secret|passw(?:or)?d|passphrase|credential", re.IGNORECASE
)
_DIGIT: Final = r"(?=[\w-]{0,200}\d)"  # prose such as ``sk-learn-with-many-words``
_PATTERNS: Final[Mapping[str, str]] = {
    "anthropic_key": r"sk-ant-[\w-]{16,}",
    "openrouter_key": r"sk-or-[\w-]{16,}",
    "openai_key": rf"sk-{_DIGIT}[\w-]{{20,}}",
    "stripe_key": r"[rs]k_(?:live|test)_\w{16,}",
    "github_token": rf"gh[opusr]_{_DIGIT}\w{{20,}}|github_pat_\w{{20,}}",
    "gitlab_token": r"glpat-[\w-]{16,}",
    "aws_key_id": r"(?:AKIA|ASIA)[A-Z0-9]{16}",
    "google_key": r"AIza[\w-]{30,}",
    "google_token": r"ya29\.[\w-]{20,}",
    "slack_token": r"xox[abeprs]-[\w-]{10,}",
    "slack_hook": r"hooks\.slack\.com/services/[\w/]{20,}",
    "huggingface_token": rf"hf_{_DIGIT}\w{{20,}}",
    "groq_key": rf"gsk_{_DIGIT}\w{{20,}}",
    "xai_key": rf"xai-{_DIGIT}[\w-]{{20,}}",
    "perplexity_key": rf"pplx-{_DIGIT}\w{{20,}}",
    "replicate_token": rf"r8_{_DIGIT}\w{{20,}}",
    "npm_token": rf"npm_{_DIGIT}\w{{30,}}",
    "pypi_token": rf"pypi-{_DIGIT}[\w-]{{30,}}",
    "sendgrid_key": r"SG\.[\w-]{16,}\.[\w-]{16,}",
    "jwt": r"eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}",
    "bearer": r"(?i:bearer)\ (?=[\w.~+/-]{0,200}\d)[\w.~+/-]{20,}=*",
    "private_key": (
        r"-----BEGIN\ [A-Z\ ]{0,40}PRIVATE\ KEY-----(?:[^-]|-(?!----))*"
        r"(?:-----END\ [A-Z\ ]{0,40}PRIVATE\ KEY-----)?"
    ),
    "url_password": r"(?<=://)[\w.%+-]{0,100}:[^\s/@:\"'<>{}]{4,200}(?=@)",
}
_START: Final = r"(?:(?<![\w-])|(?<=\\[nrt]))"  # of a word, escaped text included


def secrets_of(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what an environment keeps secret, by variable name."""
    return {
        name: value
        for name, value in environment.items()
        if _SECRET_NAME.search(name) and len(value.strip()) >= SHORTEST
    }


@dataclass(frozen=True, slots=True)
class Redactor:
    """Replaces secrets by their names, ``[redacted:OPENAI_API_KEY]``.

    Attributes:
        forms: Every text to replace, encodings included → the secret's name.
        distinct: Those of `forms` that no honest program contains by chance.
    """

    forms: Mapping[str, str] = field(repr=False)
    distinct: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(cls, secrets: Mapping[str, str]) -> Self:
        """Return the redactor for some secrets, name → value."""
        forms, distinct = {}, {}
        for name, value in sorted(secrets.items(), reverse=True):
            for form in _encoded(value.strip()):
                forms[form] = name
                if _is_distinct(value.strip()):
                    distinct[form] = name
        return cls(forms, distinct)

    def text(self, text: str) -> str:
        """Return a text without known secrets and without what looks like one."""
        return _matcher(tuple(self.forms), shapes=True).sub(
            lambda found: _mark(self.forms.get(found[0]) or found.lastgroup or ""),
            text,
        )

    def reply(self, text: str) -> str:
        """Return a model's reply without known secrets.

        A reply is a program: what only looks like a key may be a test's literal,
        and a password ``postgres``, a path or an address may be its business, so
        these stay.
        """
        if not self.distinct:
            return text
        return _matcher(tuple(self.distinct), shapes=False).sub(
            lambda found: _mark(self.distinct[found[0]]), text
        )


def is_redacted(text: str) -> bool:
    """Return whether a text carries the mark of a redaction."""
    return "[redacted:" in text


def _mark(name: str) -> str:
    return f"[redacted:{name}]"


def _is_distinct(value: str) -> bool:
    if value.startswith(("/", "http://", "https://")):
        return False
    mixed = any(c.isdigit() for c in value) and any(c.isalpha() for c in value)
    return len(value) >= DISTINCT or (mixed and len(value) > SHORTEST)


def _encoded(value: str) -> Iterator[str]:
    data = value.encode(errors="surrogateescape")
    base64 = binascii.b2a_base64(data, newline=False).decode().rstrip("=")
    yield from (
        value,
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        quote(data, safe=""),
        quote_plus(data),
        base64,
        base64.translate(str.maketrans("+/", "-_")),
        data.hex(),
        data.hex().upper(),
    )


@lru_cache(maxsize=4)
def _matcher(forms: tuple[str, ...], *, shapes: bool) -> re.Pattern[str]:
    longest_first = sorted(forms, key=lambda form: (-len(form), form))
    choices = [re.escape(form) for form in longest_first]
    if shapes:
        shaped = "|".join(f"(?P<{name}>{p})" for name, p in _PATTERNS.items())
        choices.append(rf"{_START}(?:{shaped})")
    return re.compile("|".join(choices))
