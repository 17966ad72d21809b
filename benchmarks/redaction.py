"""How long redaction takes: CPU time for a megabyte of text, also of text made to hurt.

    python benchmarks/redaction.py

prints one line a text. The aim is at most 2 seconds for each; an ordinary text takes
a fraction of one.
"""

import random
import string
import time
from collections.abc import Iterator
from typing import Final

from pdd_tasks.core.prompt.provider_key import SHAPES
from pdd_tasks.core.prompt.redact import Redactor


SIZE: Final = 1_000_000
AIM_S: Final = 2.0
_DRAWN: Final = random.Random(1)  # noqa: S311 - nothing here is a secret


def drawn(length: int) -> str:
    """Return letters and digits drawn by lot."""
    return "".join(_DRAWN.choices(string.ascii_letters + string.digits, k=length))


def texts(secret: str) -> Iterator[tuple[str, str]]:
    """Yield what is measured: a name, and a unit of text to be repeated."""
    yield "prose", "the quick brown fox jumps over the lazy dog, again and again\n"
    yield "code", "    def charge(self, amount: int, key: str) -> dict[str, int]:\n"
    yield "one letter", "a"
    yield "digits", "1"
    yield "beginnings of every key", " ".join(one for s in SHAPES for one in s.literals)
    yield "nearly every key", " ".join(f"{s.literals[0]}{drawn(9)}" for s in SHAPES)
    yield "every key", " ".join(f"{s.literals[0]}{drawn(40)}" for s in SHAPES)
    yield "begun private keys", "-----BEGIN RSA PRIVATE KEY-----"
    yield "addresses", "://aaaa:bbbbbbbb"
    yield "addresses without an end", "://" + "a" * 90 + ":" + "b" * 190 + " "
    yield "dots", "eyJa.eyJa.SG.a."
    yield "names of keys", "key"
    yield "assignments", "token = 'a1' secret: b2 "
    yield "brackets", "[redacted:"
    yield "marks", "[redacted:NAME#12ab]"
    yield "marks and secrets", f"[redacted:NAME#12ab] {secret} "
    yield "a secret", secret
    yield "most of a secret", secret[:-1]
    yield "its first letters", secret[:8]
    yield "backslashes", "\\"


def main() -> None:
    """Print how long each text takes."""
    secrets = {f"KEY_{n}": drawn(40) for n in range(20)}
    secrets["LONG_KEY"] = "\n".join(drawn(64) for _ in range(40))
    secrets["DULL_KEY"] = "a" * 2000 + "b"
    redactor = Redactor.of(secrets, key=lambda: b"key")
    for name, unit in texts(secrets["KEY_0"]):
        text = (unit * (SIZE // len(unit) + 1))[:SIZE]
        start = time.process_time()
        redactor.text(text)
        took = time.process_time() - start
        late = "" if took <= AIM_S else f"  more than {AIM_S:g} s"
        print(f"{name:28} {took:6.2f} s of CPU{late}")


if __name__ == "__main__":
    main()
