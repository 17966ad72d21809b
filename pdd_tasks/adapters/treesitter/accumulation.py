"""New tests added to a file of old ones, without touching the old.

Rule 1: every line of the old file stays, in its order. Rule 2: nothing new gives
another meaning to a name that the old file binds or uses; what needs such a name is
refused. Rule 3: of the new text only its tests and what they need are taken. Rule 4:
a test that says something else under the id of an old one is refused: it might be
meant in its place.
"""

from collections.abc import Iterator, Mapping, Sequence

from tree_sitter import Node

from pdd_tasks.adapters.treesitter.dialect import Dialect, dumped, identifiers
from pdd_tasks.adapters.treesitter.joining import Insert, joining
from pdd_tasks.adapters.treesitter.tests import (
    Found,
    found,
    rows,
    tests,
    without_tests,
)
from pdd_tasks.adapters.treesitter.tree import problem_in, root_of
from pdd_tasks.core.merge.accumulated import Accumulated


def accumulated(old: str, new: str, dialect: Dialect) -> Accumulated:
    """Return the old tests with the new ones added.

    Args:
        old: The test file as it stands; may be empty.
        new: A file with further tests; it may repeat the old ones.
        dialect: The language of both.
    """
    new = new.replace("\r\n", "\n").replace("\r", "\n")
    after = root_of(new, dialect)
    if why := problem_in(after):
        return Accumulated(text=old, added=(), refused={"the new tests": why})
    if not old.strip():
        refused = _repeats((), after, dialect)
        text = without_tests(new, after, dialect, refused)
        added = tests(root_of(text, dialect), dialect)
        return Accumulated(text=text, added=tuple(added), refused=refused)
    before = root_of(old, dialect)
    if problem_in(before):
        return _refused(old, after, dialect, "the older tests do not parse")
    return _added(old, new, before, after, dialect)


def _refused(old: str, after: Node, dialect: Dialect, why: str) -> Accumulated:
    refused = dict.fromkeys(tests(after, dialect), why)
    return Accumulated(text=old, added=(), refused=refused)


def _added(
    old: str, new: str, before: Node, after: Node, dialect: Dialect
) -> Accumulated:
    standing = tuple(found(before.named_children, dialect))
    levels = joining(before, after, dialect)
    refused = {
        **_dependent(levels.reasons, after, dialect),
        **_repeats(standing, after, dialect),
        **_rewritten(standing, after, dialect),
    }
    text = without_tests(new, after, dialect, refused)
    rest = root_of(text, dialect)
    added = tuple(tests(rest, dialect))
    told = {**levels.effects, **refused}
    if not added:
        return Accumulated(text=old, added=(), refused=told)
    result = _inserted(old, list(joining(before, rest, dialect).inserts(text)))
    if not _keeps(old, result, added, dialect):
        why = "it could not be added beside the older tests"
        return _refused(old, after, dialect, why)
    return Accumulated(text=result, added=added, refused=told)


def _repeats(
    standing: Sequence[Found], after: Node, dialect: Dialect
) -> dict[str, str]:
    """Return id → whose body it repeats, for tests that add nothing."""
    seen = {_meant(one, dialect): one.test for one in standing}
    names: set[str] = set()
    repeats: dict[str, str] = {}
    for one in found(after.named_children, dialect):
        body = _meant(one, dialect)
        if body in seen:
            repeats[one.test] = f"same as {seen[body]}"
        elif one.test in names:
            repeats[one.test] = f"{one.test} is there twice; each needs a name"
        seen.setdefault(body, one.test)
        names.add(one.test)
    return repeats


def _meant(one: Found, dialect: Dialect) -> str:
    """Return what a test says with what its groups do around it."""
    around: list[str] = []
    for group in one.around:
        case = dialect.case(group)
        members = case.members if case and case.members else ()
        around += [dumped(m) for m in members if not dialect.case(m)]
    return "\n".join((*around, one.said))


def _rewritten(
    standing: Sequence[Found], after: Node, dialect: Dialect
) -> dict[str, str]:
    """Return id → why it is refused, for tests that change one that stands."""
    said = {one.test: _meant(one, dialect) for one in standing}
    return {
        one.test: f"{one.test} stands with another body; a new test needs its own name"
        for one in found(after.named_children, dialect)
        if said.get(one.test, "") not in {"", _meant(one, dialect)}
    }


def _dependent(
    reasons: Mapping[str, str], after: Node, dialect: Dialect
) -> dict[str, str]:
    """Return id → why a test cannot be taken, for those that need what clashes."""
    refused: dict[str, str] = {}
    for one in found(after.named_children, dialect):
        nodes = (one.node, *_surroundings(one, dialect))
        used = {name for node in nodes for name in identifiers(node)}
        clash = sorted(used & reasons.keys())
        if clash:
            refused[one.test] = reasons[clash[0]]
    return refused


def _surroundings(one: Found, dialect: Dialect) -> Iterator[Node]:
    """Yield what stands beside a test in its groups, and is no test."""
    for group in one.around:
        case = dialect.case(group)
        yield from (
            m for m in (case.members if case else ()) or () if not dialect.case(m)
        )


def _inserted(old: str, inserts: Sequence[Insert]) -> str:
    end = "\r\n" if "\r\n" in old else "\n"
    lines = [line.decode() for line in rows(old)]
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += end
    below: dict[int, str] = {}
    for one in inserts:
        below[one.row] = below.get(one.row, "") + one.text.replace("\n", end)
    for row in sorted(below, reverse=True):
        lines.insert(row, below[row])
    return "".join(lines)


def _keeps(old: str, result: str, added: Sequence[str], dialect: Dialect) -> bool:
    """Return whether a file has every old line and test, and the new tests."""
    root = root_of(result, dialect)
    before, after = tests(root_of(old, dialect), dialect), tests(root, dialect)
    rest = iter([line.rstrip(b"\r\n") for line in rows(result)])
    return (
        problem_in(root) is None
        and all(line.rstrip(b"\r\n") in rest for line in rows(old))
        and all(after.get(name) == body for name, body in before.items())
        and all(name in after and name not in before for name in added)
    )
