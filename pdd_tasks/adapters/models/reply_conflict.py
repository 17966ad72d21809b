"""Two recorded answers to one request, as git leaves them, and the one that counts.

Rule 1: everybody comes to the same result, whichever side is called theirs: the
answer with the lower digest counts. Rule 2: what is no entry on either side is no
conflict of answers, and stays refused.
"""

import hashlib
import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from pdd_tasks.adapters.models.reply_entry import Entry


_MARK: Final = re.compile(rb"^(<{7}|\|{7}|={7}|>{7})(?: [^\n]*)?\r?$")
_IN: Final = {b"<<<<<<<": "mine", b"|||||||": "base", b"=======": "theirs"}


def settled(data: bytes, key: str) -> Entry | None:
    """Return the entry that counts of a file in conflict; None if it holds none.

    Args:
        data: The file's bytes, with the marks of a merge.
        key: The key that the file is named by.
    """
    sides = _sides(data)
    return None if sides is None else lower(parsed(sides, key))


def parsed(texts: Iterable[bytes], key: str) -> list[Entry]:
    """Return the entries of a key among some texts; what is none is left out."""
    found = []
    for text in texts:
        with suppress(ValueError):
            found.append(Entry.parse(text, key))
    return found


def lower(entries: Iterable[Entry]) -> Entry | None:
    """Return the entry whose answer has the lowest digest; None of none."""
    return min(entries, key=_rank, default=None)


def _rank(entry: Entry) -> tuple[str, str]:
    reply = hashlib.sha256(entry.reply.text.encode(errors="surrogatepass"))
    return reply.hexdigest(), hashlib.sha256(entry.form()).hexdigest()


def _sides(data: bytes) -> tuple[bytes, bytes] | None:
    """Return both sides of a text in conflict; None if its marks fit nothing."""
    sides: dict[str, list[bytes]] = {"mine": [], "theirs": []}
    part = ""
    for line in data.split(b"\n"):
        mark = _MARK.match(line)
        if mark is None:
            for side in (part,) if part else ("mine", "theirs"):
                sides.setdefault(side, []).append(line)
            continue
        begins = mark[1] == b"<<<<<<<"
        if begins == bool(part):
            return None
        part = _IN.get(mark[1], "")
    return None if part else (b"\n".join(sides["mine"]), b"\n".join(sides["theirs"]))
