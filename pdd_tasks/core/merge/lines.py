"""Three texts merged by lines alone.

Rule 1: what one side changed and the other left is taken. Rule 2: changes of both
sides that overlap or touch are one place, and clean only if both made the same of
it. Where this is clean and `git merge-file` is, too, both give the same text.

Source: Khanna, Kunal, Pierce, A Formal Investigation of Diff3 (2007).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pdd_tasks.core.merge.difference import Change, changes
from pdd_tasks.core.merge.heading import definition
from pdd_tasks.core.merge.line_style import (
    alike,
    bare,
    end_of,
    ended,
    is_ended,
    lines_of,
)
from pdd_tasks.core.merge.result import Region


_Agree = Callable[[list[str], list[str], list[str]], list[str] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Lines that at least one side changed, as ranges of each of the three texts."""

    base: range
    mine: range
    generated: range


def places(
    base: Sequence[str], mine: Sequence[str], generated: Sequence[str]
) -> Iterator[Place]:
    """Yield the places where a side differs from the base, in order.

    Between any two of them lies a line that is the same in all three.
    """
    moved = [0, 0]
    sides = changes(base, mine), changes(base, generated)
    for group in _groups(sides):
        low, high = group[0][0].old_start, max(c.old_end for c, _ in group)
        starts = [low + by for by in moved]
        for change, side in group:
            moved[side] += change.new_end - change.new_start
            moved[side] -= change.old_end - change.old_start
        yield Place(
            base=range(low, high),
            mine=range(starts[0], high + moved[0]),
            generated=range(starts[1], high + moved[1]),
        )


def _groups(
    sides: tuple[Iterable[Change], Iterable[Change]],
) -> Iterator[list[tuple[Change, int]]]:
    found = [(change, side) for side in (0, 1) for change in sides[side]]
    found.sort(key=lambda item: (item[0].old_start, item[0].old_end))
    group: list[tuple[Change, int]] = []
    high = 0
    for change, side in found:
        if group and change.old_start > high:
            yield group
            group = []
        high = max(high, change.old_end) if group else change.old_end
        group.append((change, side))
    if group:
        yield group


def merged_lines(base: str, mine: str, generated: str) -> tuple[str | Region, ...]:
    """Return the whole text in order: agreed text, and places nobody can decide.

    It is clean if it holds no region. Line ends and byte-order mark are those of
    mine; the last line has an end as mine has it, or as the generated text has it if
    mine has it like the base. Regions are without the lines in which both agree at
    their edges.
    """
    return _in_style_of_mine(base, mine, generated, _agreed)


def undecided_lines(
    base: str | None, mine: str, generated: str
) -> tuple[str | Region, ...]:
    """Return the whole text with every difference of the two sides as a region.

    Args:
        base: What both were made from; None if nobody knows, then regions have none.
        mine: As a person left it.
        generated: As the generator makes it.
    """
    if base is not None:
        return _in_style_of_mine(base, mine, generated, _same)
    found = _in_style_of_mine(mine, mine, generated, _same)
    return tuple(p if isinstance(p, str) else replace(p, base="") for p in found)


def restyled(text: str, model: str) -> str:
    """Return a text in the style of another, each line that is in both as it is there.

    Args:
        text: The text; its last line keeps its end, or has none.
        model: The text it is to be like.
    """
    return agreed_text(merged_lines(model, model, text)) or ""


def agreed_text(pieces: Iterable[str | Region]) -> str | None:
    """Return the text of pieces; None if a region is among them."""
    texts: list[str] = []
    for piece in pieces:
        if isinstance(piece, Region):
            return None
        texts.append(piece)
    return "".join(texts)


def _in_style_of_mine(
    base: str, mine: str, generated: str, agree: _Agree
) -> tuple[str | Region, ...]:
    texts = alike(base, mine), mine, alike(generated, mine)
    end = end_of(mine)
    b, m, g = (lines_of(ended(text, end)) for text in texts)
    found = list(_joined(_pieces(b, m, g, agree)))
    if found:
        found[-1] = _last(found[-1], texts, end)
    return tuple(found)


def _last(piece: str | Region, texts: tuple[str, str, str], end: str) -> str | Region:
    """Return the last piece without the line end that was put there."""
    base, mine, generated = (is_ended(text) for text in texts)
    if isinstance(piece, str):
        keeps = generated if mine == base else mine
        return piece if keeps else piece.removesuffix(end)
    return replace(
        piece,
        base=piece.base if base else piece.base.removesuffix(end),
        mine=piece.mine if mine else piece.mine.removesuffix(end),
        generated=piece.generated if generated else piece.generated.removesuffix(end),
    )


def _pieces(
    b: list[str], m: list[str], g: list[str], agree: _Agree
) -> Iterator[str | Region]:
    keys = [[bare(line) for line in lines] for lines in (b, m, g)]
    at = 0
    for place in places(*keys):
        yield from m[at : place.mine.start]
        at = place.mine.stop
        was, ours = _at(place.base, b), _at(place.mine, m)
        theirs = _at(place.generated, g)
        agreed = agree(was, ours, theirs)
        if agreed is None:
            where = definition(m, place.mine.start)
            yield from _trimmed("".join(was), ours, theirs, where)
        else:
            yield from agreed
    yield from m[at:]


def _at(place: range, lines: list[str]) -> list[str]:
    return lines[place.start : place.stop]


def _agreed(was: list[str], ours: list[str], theirs: list[str]) -> list[str] | None:
    """Return what a place becomes; None if both changed it, and not alike."""
    b, m, g = ([bare(line) for line in lines] for lines in (was, ours, theirs))
    if g in (m, b):
        return ours
    return theirs if m == b else None


def _same(was: list[str], ours: list[str], theirs: list[str]) -> list[str] | None:
    """Return what both sides made of a place; None if they differ at all."""
    del was
    return ours if list(map(bare, ours)) == list(map(bare, theirs)) else None


def _trimmed(
    base: str, ours: list[str], theirs: list[str], where: str
) -> Iterator[str | Region]:
    """Yield a region between the lines that both sides agree in."""
    pairs = list(zip(ours, theirs, strict=False))
    head = _alike_at_start(pairs)
    rest = list(zip(ours[head:][::-1], theirs[head:][::-1], strict=False))
    tail = _alike_at_start(rest)
    yield from ours[:head]
    yield Region(
        base=base,
        mine="".join(ours[head : len(ours) - tail]),
        generated="".join(theirs[head : len(theirs) - tail]),
        where=where,
    )
    yield from ours[len(ours) - tail :]


def _alike_at_start(pairs: Sequence[tuple[str, str]]) -> int:
    alike_ = (bare(a) == bare(b) for a, b in pairs)
    return next((at for at, same in enumerate(alike_) if not same), len(pairs))


def _joined(pieces: Iterable[str | Region]) -> Iterator[str | Region]:
    text: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            text.append(piece)
            continue
        if text:
            yield "".join(text)
        text = []
        yield piece
    if text:
        yield "".join(text)
