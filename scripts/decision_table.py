"""Write docs/decision-table.md anew, from the rows of the decision table.

python scripts/decision_table.py           # rewrite the page
python scripts/decision_table.py --check   # exit 1 if that would change it
"""

import argparse
from pathlib import Path
from typing import Final

from pdd_tasks.core.plan.document import document


PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "decision-table.md"


def main() -> int:
    """Rewrite the page, or only look whether it is what the rows say.

    Returns:
        1 if a page that was only looked at differs; else 0.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing")
    options = parser.parse_args()
    text = document()
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    if options.check:
        print("docs/decision-table.md differs: run python scripts/decision_table.py")
        return 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
