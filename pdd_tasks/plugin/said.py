"""What a command of ours says: lines for people, a value for programs."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final


_STEP: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a command says.

    Attributes:
        lines: For people.
        value: For programs; goes into JSON.
    """

    lines: Sequence[str]
    value: Mapping[str, object]

    def text(self, *, as_json: bool) -> str:
        """Return it in one form, a newline at the end."""
        if as_json:
            return json.dumps(self.value, indent=1, sort_keys=True) + "\n"
        return "".join(f"{line}\n" for line in self.lines)


def sized(size: int) -> str:
    """Return a number of bytes for people: ``0 B``, ``1.5 kB``, ``2.0 MB``."""
    number = float(size)
    for unit in ("B", "kB", "MB"):
        if number < _STEP:
            return f"{number:.0f} B" if unit == "B" else f"{number:.1f} {unit}"
        number /= _STEP
    return f"{number:.1f} GB"
