"""LCOV's tracefiles: what node, c8, nyc, vitest, kcov and others write.

Source: geninfo(1), "Files".
"""

from collections.abc import Mapping

from pdd_tasks.adapters.toolchain.result import Covered


def covered(text: str) -> Mapping[str, Covered]:
    """Return file as the report names it → what of it was run.

    A file that has several records counts once: what one of them saw was run.
    """
    found: dict[str, Covered] = {}
    name = ""
    lines: dict[int, bool] = {}
    branches: dict[str, bool] = {}
    for line in text.splitlines():
        key, _, value = line.strip().partition(":")
        match key:
            case "SF":
                name, lines, branches = value, {}, {}
            case "DA":
                _add_line(lines, value)
            case "BRDA":
                place, _, count = value.rpartition(",")
                branches[place] = branches.get(place, False) or _is_run(count)
            case "end_of_record" if name:
                found[name] = _joined(found.get(name), lines, branches)
            case _:
                pass
    return found


def _add_line(lines: dict[int, bool], value: str) -> None:
    number, _, rest = value.partition(",")
    if number.isdigit():
        line = int(number)
        lines[line] = lines.get(line, False) or _is_run(rest.partition(",")[0])


def _is_run(count: str) -> bool:
    return count.isdigit() and int(count) > 0


def _joined(
    old: Covered | None, lines: Mapping[int, bool], branches: Mapping[str, bool]
) -> Covered:
    before = old.lines if old else {}
    return Covered(
        lines={
            line: lines.get(line, False) or before.get(line, False)
            for line in sorted({*lines, *before})
        },
        branches=max(len(branches), old.branches if old else 0),
        taken=max(sum(branches.values()), old.taken if old else 0),
    )
