"""The entries of a ``.env`` file, in the forms that are in use.

Rule 1: nothing is refused: a line that nobody can read may still hold a secret, so
its text counts as a value. Rule 2: nothing is expanded: ``$NAME`` stays.
"""

import re
from collections.abc import Iterator
from typing import Final

from pdd_tasks.core.prompt.secret import SHORTEST, is_plain, is_secret_name


_ENTRY: Final = re.compile(
    r"""^[ \t]*(?:export[ \t]+)?(?P<name>[^\s=#'"]+)[ \t]*[=:][ \t]*(?:"""
    r"""'(?P<literal>[^']*)'|"(?P<quoted>(?:[^"\\]|\\.)*)"|`(?P<tick>[^`]*)`"""
    r"""|(?P<bare>[^\n\r]*))""",
    re.MULTILINE | re.DOTALL,
)
_COMMENT: Final = re.compile(r"(?:^|[ \t]+)#.*$")
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t"}


def dotenv_entries(text: str) -> Iterator[tuple[str, str]]:
    """Yield the entries of a file as (name, value), in order, repeated ones too."""
    for found in _ENTRY.finditer(text.removeprefix("\ufeff")):
        name = found["name"]
        if found["quoted"] is not None:
            yield name, _ESCAPED.sub(_unescaped, found["quoted"])
        elif found["bare"] is not None:
            yield name, _COMMENT.sub("", found["bare"]).strip().strip("'\"")
        else:
            yield name, found["literal"] or found["tick"] or ""


def dotenv_secrets(text: str) -> Iterator[tuple[str, str]]:
    """Yield the entries that are secret: by name, or because they are not plain."""
    for name, value in dotenv_entries(text):
        secret = is_secret_name(name) or not is_plain(value)
        if secret and len(value.strip()) >= SHORTEST:
            yield name, value


def _unescaped(found: re.Match[str]) -> str:
    return _ESCAPES.get(found[1], found[1])
