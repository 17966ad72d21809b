"""What ``gcov --json-format --stdout`` prints: one document a line for each program.

Source: gcov(1), option ``--json-format``.
"""

import json
from collections.abc import Iterator, Mapping
from typing import NotRequired, TypedDict

from pdd_tasks.adapters.toolchain.result import Covered


class _Branch(TypedDict):
    count: int
    throw: NotRequired[bool]


class _Line(TypedDict):
    line_number: int
    count: int
    branches: NotRequired[list[_Branch]]


class _File(TypedDict):
    file: str
    lines: list[_Line]


def covered(text: str) -> Mapping[str, Covered]:
    """Return file as the report names it → what of it was run.

    What one program ran of a file was run. Branches that an exception would take do
    not count: nobody wrote them.
    """
    lines: dict[str, dict[int, bool]] = {}
    branches: dict[str, dict[tuple[int, int], bool]] = {}
    for file in _files(text):
        name = file["file"].removeprefix("./")
        own, taken = lines.setdefault(name, {}), branches.setdefault(name, {})
        for line in file["lines"]:
            number = line["line_number"]
            own[number] = own.get(number, False) or line["count"] > 0
            for at, branch in enumerate(line.get("branches", [])):
                if not branch.get("throw"):
                    place = number, at
                    taken[place] = taken.get(place, False) or branch["count"] > 0
    return {
        name: Covered(
            lines=own, branches=len(branches[name]), taken=sum(branches[name].values())
        )
        for name, own in lines.items()
    }


def _files(text: str) -> Iterator[_File]:
    for line in text.splitlines():
        try:
            files: list[_File] = json.loads(line)["files"]
            yield from files
        except (ValueError, KeyError, TypeError, RecursionError):
            continue  # what gcov says of files it cannot read
