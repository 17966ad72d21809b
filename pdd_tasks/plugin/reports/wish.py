"""Which reports are asked for, by options or by where the command runs."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which reports are to be written.

    Attributes:
        junit: The file of a JUnit report; empty for none.
        sarif: The file of a SARIF log; empty for none.
        summary: The file that a table is added to; empty for none.
        annotations: Whether to print annotations.
    """

    junit: str = ""
    sarif: str = ""
    summary: str = ""
    annotations: bool = False

    @property
    def any(self) -> bool:
        """True if there is anything to report."""
        return bool(self.junit or self.sarif or self.summary or self.annotations)


def wish(given: Mapping[str, object], environment: Mapping[str, str]) -> Wish:
    """Return what the options of a command ask for, and where it runs.

    Args:
        given: Option → value; None for one that was not given.
        environment: The variables that count: a gate in GitHub Actions says what it
            has to say there without being asked.
    """
    on_github = environment.get("GITHUB_ACTIONS") == "true"
    table = str(given["summary"])
    if on_github and not table:
        table = environment.get("GITHUB_STEP_SUMMARY", "")
    notes = given["annotations"]
    return Wish(
        junit=str(given["junit"]),
        sarif=str(given["sarif"]),
        summary=table,
        annotations=on_github if notes is None else bool(notes),
    )
