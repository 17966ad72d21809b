"""A secret value in every encoding in which programs usually write it."""

import binascii
import html
import json
import re
import shlex
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote, quote_plus

from pdd_tasks.core.prompt.secret import (
    SHORTEST,
    is_distinct,
    is_place,
    is_secret_name,
)


_URL_SAFE: Final = str.maketrans("+/", "-_")
_PERCENT: Final = re.compile(r"%[0-9A-F]{2}")
_SHELL: Final = re.compile(r"([^\w@%+=:,./-])")
_LINE: Final = 16  # a line of a value that is hidden by itself, unless it is distinct
_WIDTHS: Final = (76, 64)  # at which base64 is wrapped


def forms(value: str) -> frozenset[str]:
    """Return every text that a value may stand as, at least `SHORTEST` long."""
    found: set[str] = set()
    for part in {value, value.strip(), *_parts(value.strip())}:
        found.update(_escaped(part))
        found.update(_encoded(part.encode(errors="surrogateescape")))
    return frozenset(form for form in found if len(form) >= SHORTEST)


def _parts(value: str) -> Iterator[str]:
    """Yield the fields of a JSON value, or the lines of one with several."""
    fields = _json_parts(value) if value.startswith(("{", "[")) else None
    if fields is not None:
        yield from fields
        return
    lines = [line.strip() for line in value.splitlines()]
    if len(lines) > 1:
        yield from (
            line
            for line in lines
            if not line.startswith("-----")
            and (len(line) >= _LINE or (len(line) >= SHORTEST and is_distinct(line)))
        )


def _json_parts(value: str) -> list[str] | None:
    """Return the fields of a JSON value; None if it is none."""
    try:
        return list(_fields("", json.loads(value)))
    except (ValueError, RecursionError):
        return None


def _fields(name: str, value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _fields(str(key), one)
    elif isinstance(value, list):
        for one in value:
            yield from _fields(name, one)
    elif isinstance(value, str) and len(value) >= SHORTEST:
        yield from _field(name, value.strip())


def _field(name: str, value: str) -> Iterator[str]:
    if not is_place(value) and (is_secret_name(name) or is_distinct(value)):
        yield value
        yield from _parts(value)


def _escaped(value: str) -> Iterator[str]:
    """Yield a value as it stands in JSON, addresses, pages, programs and shells."""
    yield value
    data = value.encode(errors="surrogateescape")
    for in_json in (json.dumps(value), json.dumps(value, ensure_ascii=False)):
        yield in_json[1:-1]
        yield in_json[1:-1].replace("/", "\\/")
        yield json.dumps(in_json[1:-1], ensure_ascii=False)[1:-1]
    for in_url in (quote(data, safe=""), quote(data), quote_plus(data)):
        yield in_url
        yield _PERCENT.sub(lambda found: found[0].lower(), in_url)
    page = html.escape(value)
    yield from (page, html.escape(value, quote=False))
    yield page.replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
    yield from (repr(value)[1:-1], ascii(value)[1:-1], repr(data)[2:-1])
    yield shlex.quote(value).removeprefix("'").removesuffix("'")
    yield value.replace("'", r"'\''")
    yield _SHELL.sub(r"\\\1", value)


def _encoded(data: bytes) -> Iterator[str]:
    """Yield some bytes in hexadecimal digits and, at each alignment, in base64."""
    yield from (data.hex(), data.hex().upper())
    for shift in range(3):
        text = _base64(bytes(shift) + data)
        whole = text[(8 * shift + 5) // 6 : 8 * (shift + len(data)) // 6]
        yield from (whole, whole.translate(_URL_SAFE))
    full = _base64(data)
    yield from (full, full.translate(_URL_SAFE))
    for width in _WIDTHS:
        if len(full) > width:
            yield from (full[i : i + width] for i in range(0, len(full), width))


def _base64(data: bytes) -> str:
    return binascii.b2a_base64(data, newline=False).decode().rstrip("=")
