"""Two outlines that go back to one, joined piece by piece.

Rule 1: a piece that one side changed and the other left is taken as changed; a
change of layout alone is one only in mine. Rule 2: a piece that both changed is
joined by its names, its lines, its blocks or its words, in that order. Rule 3: what
one side took away and the other changed is a conflict. Rule 4: new pieces of both
at one place stand one after another, mine first, where their order has no meaning.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pdd_tasks.core.merge.gaps import Gap, gaps, may_stand, meetings
from pdd_tasks.core.merge.lead import clean, merged_lead, spaced
from pdd_tasks.core.merge.listing import united
from pdd_tasks.core.merge.outline import Block, Kind, Piece, joined, shape
from pdd_tasks.core.merge.result import Method
from pdd_tasks.core.merge.tokens import Entries, merged_tokens
from pdd_tasks.core.merge.trio import Trio, in_one_order


_ORDER: Final = (Method.DEFINITIONS, Method.STATEMENTS, Method.TOKENS)


@dataclass(frozen=True, slots=True)
class Joint:
    """Joined text, and the finest means that were needed for it."""

    text: str
    method: Method = Method.DEFINITIONS

    def then(self, other: "Joint") -> "Joint":
        """Return this text with another behind it."""
        finest = max(self.method, other.method, key=_ORDER.index)
        return Joint(self.text + other.text, finest)


class _Conflict(Exception):  # noqa: N818  # no error: the answer of a deep recursion
    """Both sides changed one thing."""


def merged_outlines(base: Block, mine: Block, generated: Block) -> Joint | None:
    """Return the text of two outlines joined; None if both changed one thing.

    Args:
        base: The outline that both sides go back to.
        mine: A person's side.
        generated: The generator's side.
    """
    try:
        return _block(base, mine, generated)
    except _Conflict:
        return None


def _block(base: Block, mine: Block, generated: Block) -> Joint:
    head = _head(base, mine, generated)
    tail = clean(base.tail, mine.tail, generated.tail)
    if tail is None:
        raise _Conflict
    return head.then(_members(base, mine, generated)).then(Joint(tail))


def _head(base: Block, mine: Block, generated: Block) -> Joint:
    text = clean(base.head, mine.head, generated.head)
    if text is not None:
        return Joint(text)
    joined_ = merged_tokens(base.head, mine.head, generated.head, Entries.NONE)
    if joined_ is None:
        raise _Conflict
    return Joint(joined_, Method.TOKENS)


def _members(base: Block, mine: Block, generated: Block) -> Joint:
    three = in_one_order(Trio.of(base, mine, generated))
    if three is None:
        raise _Conflict
    merged = [*_woven(three)]
    pieces = spaced([piece for piece, _ in merged], mine, generated)
    finest = max((m for _, m in merged), key=_ORDER.index, default=_ORDER[0])
    is_steps = not base.is_free and mine.text != base.text != generated.text
    least = Method.STATEMENTS if is_steps else Method.DEFINITIONS
    return Joint(joined(pieces), max(finest, least, key=_ORDER.index))


def _woven(three: Trio) -> Iterator[tuple[Piece, Method]]:
    """Yield the joined pieces in order, each with the means that were needed.

    Raises:
        _Conflict: If both sides changed one thing.
    """
    base, mine, generated = three.pieces
    ours = gaps(len(base), mine, three.to_mine)
    theirs, twins = _without_twins(
        three, gaps(len(base), generated, three.to_generated)
    )
    ours, theirs = _checked(ours, theirs, three)
    for at in range(len(base) + 1):
        here = [[*_starting(side, at)] for side in (ours, theirs)]
        around = _imports_around(base, at)
        for piece in _put_together(here[0], here[1], around):
            yield _twin(piece, twins)
        if at < len(base):
            yield from _kept(three, at)


def _starting(side: Sequence[Gap], at: int) -> Iterator[Piece]:
    for gap in side:
        if gap.low + 1 == at:
            yield from gap.new


def _without_twins(
    three: Trio, theirs: Sequence[Gap]
) -> tuple[list[Gap], dict[Piece, Piece]]:
    """Return the other side's gaps without what mine has new, too, by its name."""
    ours = {
        name: piece
        for at, (name, piece) in enumerate(
            zip(three.names[1], three.pieces[1], strict=True)
        )
        if name and at not in set(three.to_mine.values())
    }
    known = set(three.to_generated.values())
    twins = {
        ours[name]: piece
        for at, (name, piece) in enumerate(
            zip(three.names[2], three.pieces[2], strict=True)
        )
        if name in ours and at not in known
    }
    return [gap.without([*twins.values()]) for gap in theirs], twins


def _checked(
    ours: Sequence[Gap], theirs: Sequence[Gap], three: Trio
) -> tuple[list[Gap], list[Gap]]:
    """Return the gaps of both sides, what is the same in both in mine only.

    Raises:
        _Conflict: If what the sides put in one place cannot both stand.
    """
    left = list(theirs)
    for one, other in meetings(ours, theirs):
        if [p.said for p in one.new] == [p.said for p in other.new] and one.new:
            left[left.index(other)] = replace(other, new=())
        elif not may_stand(one, other, three.pieces[0], is_free=three.is_free):
            raise _Conflict
    return list(ours), left


def _put_together(
    ours: Sequence[Piece], theirs: Sequence[Piece], around: Sequence[Piece]
) -> list[Piece]:
    """Return new pieces of both sides: mine first, imports sorted among sorted ones."""
    new = [*ours, *theirs]
    if ours and theirs and all(piece.kind is Kind.IMPORT for piece in new):
        groups = [[_rank(piece) for piece in some] for some in (ours, theirs, around)]
        if len(around) > 1 and all(ranks == sorted(ranks) for ranks in groups):
            return sorted(new, key=_rank)
    return new


def _imports_around(base: Sequence[Piece], at: int) -> Sequence[Piece]:
    """Return the imports without a blank line between them that a place is among."""
    start = end = at
    while start and base[start - 1].kind is Kind.IMPORT:
        start -= 1
        if base[start].lead.startswith("\n"):
            break
    while end < len(base) and base[end].kind is Kind.IMPORT:
        if base[end].lead.startswith("\n"):
            break
        end += 1
    return base[start:end]


def _rank(piece: Piece) -> tuple[bool, str]:
    return not piece.key.startswith("import "), piece.key.lower()


def _twin(piece: Piece, twins: dict[Piece, Piece]) -> tuple[Piece, Method]:
    """Return a new piece joined with the other side's of the same name.

    Raises:
        _Conflict: If they are not the same.
    """
    other = twins.get(piece)
    if other is None or other.said == piece.said:
        return piece, Method.DEFINITIONS
    text = united(None, piece, other)
    if text is None:
        raise _Conflict
    return replace(piece, text=text), Method.DEFINITIONS


def _kept(three: Trio, at: int) -> Iterator[tuple[Piece, Method]]:
    """Yield a piece of the base as it stands in the merge; nothing if it is gone.

    Raises:
        _Conflict: If one side took it away and the other changed it.
    """
    base = three.pieces[0][at]
    mine = three.pieces[1][three.to_mine[at]] if at in three.to_mine else None
    generated = (
        three.pieces[2][three.to_generated[at]] if at in three.to_generated else None
    )
    if mine and generated:
        yield _joined_piece(base, mine, generated)
    elif (mine and not _is_same(base, mine)) or (
        generated and not (_is_same(base, generated) or generated.said == base.said)
    ):
        raise _Conflict


def _is_same(one: Piece, other: Piece) -> bool:
    """Return whether two pieces are the same but for blank lines."""
    return _bare(one.whole) == _bare(other.whole)


def _bare(text: str) -> list[str]:
    return [line.rstrip() for line in text.split("\n") if line.strip()]


def _joined_piece(base: Piece, mine: Piece, generated: Piece) -> tuple[Piece, Method]:
    lead = merged_lead(base.lead, mine.lead, generated.lead)
    if lead is None:
        raise _Conflict
    found = _joined_text(base, mine, generated)
    return replace(mine, lead=lead, text=found.text), found.method


def _joined_text(base: Piece, mine: Piece, generated: Piece) -> Joint:
    """Return the text of a piece that all three have.

    Raises:
        _Conflict: If both sides changed one thing in it.
    """
    if _bare(mine.text) == _bare(base.text):
        return Joint(generated.text)
    if generated.said in {base.said, mine.said}:
        return Joint(mine.text)
    whole = united(base, mine, generated)
    if whole is None and not (base.blocks and base.blocks[-1].is_free):
        whole = clean(base.text, mine.text, generated.text)
    return Joint(whole) if whole is not None else _inside(base, mine, generated)


def _inside(base: Piece, mine: Piece, generated: Piece) -> Joint:
    """Return the text of a piece, joined block by block or word by word.

    Raises:
        _Conflict: If both sides changed one thing in it.
    """
    if base.blocks:
        more = _more(base, mine, generated)
        found = Joint("")
        three = zip(base.blocks, mine.blocks, generated.blocks, strict=False)
        for b, m, g in three:
            found = found.then(_block(b, m, g))
        return found.then(Joint("".join(block.text for block in more)))
    entries = Entries.ALL if base.listing else Entries.NAMED
    text = merged_tokens(base.text, mine.text, generated.text, entries)
    if text is None or mine.blocks or generated.blocks:
        raise _Conflict
    return Joint(text, Method.TOKENS)


def _more(base: Piece, mine: Piece, generated: Piece) -> Sequence[Block]:
    """Return the blocks that one side put behind those of the base.

    Raises:
        _Conflict: If a side has other blocks than the base, or both have more.
    """
    shapes = [shape(piece) for piece in (base, mine, generated)]
    if shapes[0] == shapes[1] == shapes[2]:
        return ()
    longer = mine if len(shapes[1]) > len(shapes[2]) else generated
    size = len(base.blocks)
    is_shared = min(shapes, key=len) == shapes[0] and size in map(len, shapes[1:])
    heads = [block.head for block in base.blocks]
    if not is_shared or [block.head for block in longer.blocks[:size]] != heads:
        raise _Conflict
    return longer.blocks[size:]
