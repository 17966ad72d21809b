"""Write the table of settings in docs/reference.md anew, from the code.

Names, forms, variables and defaults come from the code; the last column, what a
setting means, is written by hand and kept.

    python scripts/settings_table.py           # rewrite the table
    python scripts/settings_table.py --check   # exit 1 if that would change it
"""

import argparse
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final

from pdd_tasks.core.model.ledger import MICRO
from pdd_tasks.core.model.settings import ModelSettings, Settings
from pdd_tasks.plugin.config import Places
from pdd_tasks.plugin.setting import KEYS, Part


PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "reference.md"
BEGIN: Final = "<!-- settings: made by scripts/settings_table.py -->"
END: Final = "<!-- end of settings -->"
_PARTS: Final[Mapping[Part, object]] = {
    Part.SETTINGS: Settings(),
    Part.MODEL: ModelSettings(),
    Part.PLACES: Places(),
}


def main() -> int:
    """Rewrite the table, or only look whether it is what the code says.

    Returns:
        1 if a meaning is missing, or a table that was only looked at differs; else 0.
    """
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing")
    options = parser.parse_args()
    page = PAGE.read_text(encoding="utf-8")
    head, _, rest = page.partition(BEGIN)
    old, _, tail = rest.partition(END)
    meanings = _meanings(old)
    new = head + BEGIN + "\n\n" + table(meanings) + "\n" + END + tail
    if new != page and not options.check:
        PAGE.write_text(new, encoding="utf-8")
    problems = [f"what {key} means is missing" for key in KEYS if not meanings.get(key)]
    if new != page and options.check:
        problems.append("the table differs: run python scripts/settings_table.py")
    for problem in problems:
        print(f"{PAGE.name}: {problem}")
    return 1 if problems else 0


def table(meanings: Mapping[str, str]) -> str:
    """Return the settings as a Markdown table.

    Args:
        meanings: Setting → what it means.
    """
    rows = [f"{_facts(key)} | {meanings.get(key, '')} |" for key in KEYS]
    head = [
        "| setting | form | default | variable | meaning |",
        "|---|---|---|---|---|",
    ]
    return "".join(f"{line}\n" for line in (*head, *rows))


def _meanings(text: str) -> dict[str, str]:
    cells = (line.strip().strip("|").split(" | ") for line in text.splitlines())
    rows = ([cell.strip() for cell in row] for row in cells if len(row) > 1)
    return {row[0].strip("`"): row[-1] for row in rows if row[0].startswith("`")}


def _facts(key: str) -> str:
    row = KEYS[key]
    default = _default(key, getattr(_PARTS[row.part], row.field))
    # no text on one line says these
    in_file = key in {"ceiling", "prices", "command_reply"}
    names = () if in_file else (f"PDD_{key.upper()}", *row.variables)
    variables = ", ".join(f"`{name}`" for name in names) or "none"
    return f"| `{key}` | {row.kind.expected} | {default} | {variables}"


def _default(key: str, value: object) -> str:
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, int | float):
        return f"`{value / MICRO if key == 'budget' else value:.12g}`"
    if isinstance(value, StrEnum):
        return f"`{value.value}`"
    return f"`{str(value).lower()}`" if value or value is None else "none given"


if __name__ == "__main__":
    raise SystemExit(main())
