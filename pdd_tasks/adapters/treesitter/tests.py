"""The tests in a file: which there are, and the file without some of them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tree_sitter import Node

from pdd_tasks.adapters.treesitter.dialect import Case, Dialect, dumped, is_lead
from pdd_tasks.core.model.test_name import test_name


DEPTH: Final = 50  # groups in groups; nobody means more


@dataclass(frozen=True, slots=True)
class Found:
    """One test in a file.

    Attributes:
        test: Its id in the file.
        node: Its node.
        label: The node that holds its name.
        around: The groups it is in, the outermost first.
    """

    test: str
    node: Node
    label: Node | None
    around: tuple[Node, ...]

    @property
    def said(self) -> str:
        """What it says, whatever its name and its layout."""
        return dumped(self.node, {self.label.id} if self.label else ())


def found(
    nodes: Sequence[Node],
    dialect: Dialect,
    names: tuple[str, ...] = (),
    around: tuple[Node, ...] = (),
) -> Iterator[Found]:
    """Yield the tests among some nodes, in the order of the text."""
    for node in nodes:
        case = dialect.case(node)
        if case is None or len(names) > DEPTH:
            continue
        path = (*names, case.name)
        if case.members is None:
            yield Found(test_name(path), node, case.label, around)
        else:
            yield from found(case.members, dialect, path, (*around, node))


def tests(root: Node, dialect: Dialect) -> Mapping[str, str]:
    """Return test id → what it says, in the order of the file.

    What is defined twice under one name says both.
    """
    said: dict[str, str] = {}
    for one in found(root.named_children, dialect):
        said[one.test] = (
            f"{said[one.test]}\n{one.said}" if one.test in said else one.said
        )
    return said


def without_tests(text: str, root: Node, dialect: Dialect, ids: Collection[str]) -> str:
    """Return a file less some tests; all other lines stay as they are.

    With a test go the comment right above it and the blank lines above that; a group
    goes when nothing is left in it.
    """
    wanted = {name.partition("[")[0] for name in ids}
    lines = rows(text)
    gone = list(_removed(root.named_children, dialect, wanted, ()))
    for node in reversed(gone):  # what shares a line moves what is behind it
        _cut(lines, node)
    return b"".join(lines).decode()


def with_comment(
    text: str, root: Node, dialect: Dialect, test: str, comment: Sequence[str]
) -> str:
    """Return a file with comment lines right above one of its tests."""
    lines = rows(text)
    for one in found(root.named_children, dialect):
        if one.test == test:
            first, _ = extent(one.node)
            line = lines[one.node.start_point.row]
            indent = line[: len(line) - len(line.lstrip())]
            lines[first:first] = [indent + f"{said}\n".encode() for said in comment]
            break
    return b"".join(lines).decode()


def rows(text: str) -> list[bytes]:
    """Return the lines of a text as a grammar counts them, with their ends."""
    *lines, last = text.encode().split(b"\n")
    return [*(line + b"\n" for line in lines), *([last] if last else [])]


def extent(node: Node) -> tuple[int, int]:
    """Return the first row of a node, its comment included, and the row behind it."""
    first = node.start_point.row
    above = node.prev_sibling
    while above is not None and is_lead(above) and _stands_alone(above, first):
        first = above.start_point.row
        above = above.prev_sibling
    return first, node.end_point.row + (node.end_point.column > 0)


def _stands_alone(comment: Node, row: int) -> bool:
    """Return whether a comment ends right above a row and follows nothing."""
    before = comment.prev_sibling
    ends = comment.end_point.row + (comment.end_point.column > 0)
    shares = before is not None and before.end_point.row == comment.start_point.row
    return ends == row and not (shares and before and before.end_point.column > 0)


def _removed(
    nodes: Sequence[Node],
    dialect: Dialect,
    ids: Collection[str],
    names: tuple[str, ...],
) -> Iterator[Node]:
    """Yield the nodes to remove, a group in place of all that is in it."""
    for node in nodes:
        case = dialect.case(node)
        if case is None or len(names) > DEPTH:
            continue
        path = (*names, case.name)
        if case.members is None:
            if test_name(path) in ids:
                yield node
            continue
        inner = list(_removed(case.members, dialect, ids, path))
        if inner and not _left(case, dialect, inner):
            yield node
        else:
            yield from inner


def _left(case: Case, dialect: Dialect, gone: Sequence[Node]) -> bool:
    """Return whether a group still has a test."""
    ids = {node.id for node in gone}
    members = [m for m in case.members or () if m.id not in ids]
    return any(dialect.case(member) for member in members)


def _cut(lines: list[bytes], node: Node) -> None:
    """Blank the lines of a node, or only its bytes where it shares them."""
    first, behind = extent(node)
    start, end = node.start_point, node.end_point
    before = lines[start.row][: start.column].strip()
    last = min(end.row, len(lines) - 1)
    after = lines[last][end.column :].strip() if last == end.row else b""
    if before or after.strip(b";"):
        tail = lines[last][end.column :]
        lines[start.row] = lines[start.row][: start.column] + tail
        for row in range(start.row + 1, last + 1):
            lines[row] = b""
        return
    while first > 0 and not lines[first - 1].strip():
        first -= 1
    for row in range(first, min(behind, len(lines))):
        lines[row] = b""
