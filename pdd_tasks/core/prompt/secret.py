"""Which values are secret: told by the names they have, and by what they look like.

What is not here: where such values are looked for (`redact`) and what the keys of
providers look like (`secret_shape`).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final


SHORTEST: Final = 8  # a shorter value would redact ordinary words
DISTINCT: Final = 20
_VARIED: Final = 5  # different characters

_NAME: Final = re.compile(
    r"key|token|secret|passw|passphrase|credential|bearer|cookie"
    r"|(?:^|[_.-])(?:auth|creds?|dsn|jwt|pat|pass|sas|webhook)(?:$|[_.-])"
    r"|[_.-]pwd$",
    re.IGNORECASE,
)
_SETTING: Final = re.compile(
    r"""(?:^|[{,])[ \t]*(?:-[ \t]+)?["']?([\w.-]{1,100})["']?[ \t]*[:=][ \t]*"""
    r"""(?:(?=([^\s{\[][^\n]*))("[^"\n]*"|'[^'\n]*'|[^\s{\[,}][^,}\n]*))""",
    re.MULTILINE,
)
_COMMENT: Final = re.compile(r"[ \t]+#.*$")
_ADDRESS: Final = re.compile(r"https?://[^\s@?]*$")
_PLAIN: Final = re.compile(r"[A-Za-z_.:-]{0,15}$|[\d.:_-]{0,11}$")


def is_secret_name(name: str) -> bool:
    """Return whether what a setting or variable is called says that it is secret."""
    return _NAME.search(name) is not None


def is_place(value: str) -> bool:
    """Return whether a value is a path, or an address without a password."""
    paths = ("/", "~/", "./", "../")
    return value.startswith(paths) or _ADDRESS.match(value) is not None


def is_distinct(value: str) -> bool:
    """Return whether no honest program contains a value by chance."""
    if is_place(value) or len(set(value)) < _VARIED:
        return False
    mixed = any(c.isdigit() for c in value) and any(c.isalpha() for c in value)
    return len(value) >= DISTINCT or (mixed and len(value) > SHORTEST)


def is_plain(value: str) -> bool:
    """Return whether a value is a path, an address, a word or a number at sight."""
    return is_place(value) or _PLAIN.match(value) is not None


def secrets_of(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what an environment keeps secret, by variable name."""
    return {
        name: value
        for name, value in environment.items()
        if len(value.strip()) >= SHORTEST and is_secret_name(name)
    }


def secrets_in_settings(text: str) -> Iterator[tuple[str, str]]:
    """Yield what a settings file keeps secret, (name, value) in order.

    It is read line by line, so that a file that is broken hides its secrets too.
    """
    for found in _SETTING.finditer(text):
        given = (_unquoted(_COMMENT.sub("", one).strip()) for one in found.groups()[1:])
        for value in dict.fromkeys(given):  # the whole line, and what ends before
            if is_secret_name(found[1]) and len(value) >= SHORTEST:
                yield found[1], value


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if quoted else value
