"""The ladder: one means of merging after the other, the weakest that is enough.

Rule 1: nothing here raises; what cannot be merged is a conflict, as data. Rule 2: a
wrong merge that nobody sees is worse than a conflict, so whatever two sides make
together must pass the gates. Rule 3: the style of the result is that of mine, and its
protected blocks are in it, byte for byte.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from pdd_tasks.core.merge import gates, keep
from pdd_tasks.core.merge.line_style import MARK, alike, bare, lines_of
from pdd_tasks.core.merge.lines import (
    agreed_text,
    merged_lines,
    restyled,
    undecided_lines,
)
from pdd_tasks.core.merge.result import (
    Conflicted,
    Merged,
    MergeResult,
    Method,
    Region,
)
from pdd_tasks.core.merge.structure import Structure


Driver = Callable[[str, str, str], str | None]


def merge(
    base: str | None,
    mine: str,
    generated: str,
    *,
    structure: Structure | None = None,
    mark: str = "",
    driver: Driver | None = None,
) -> MergeResult:
    """Merge what a person and the generator made of a text.

    Args:
        base: What both started from; None if nobody knows.
        mine: As the person left it.
        generated: As the generator makes it now.
        structure: The language's syntax; None if nobody reads it.
        mark: How the language starts a comment; empty if it has none, and so no
            protected blocks.
        driver: Another program; takes base, mine and generated and returns their
            merge, None if it has none.

    Returns:
        The merge by the weakest means that was enough, or what a person must decide.
    """
    if _keys(mine) == _keys(generated):
        return Merged(text=mine, method=Method.EQUAL)
    if base is None:
        pieces = undecided_lines(None, mine, generated)
        return Conflicted(pieces=pieces, because="nobody knows what both started from")
    climb = _Climb(
        base=_plain(base),
        mine=_plain(mine),
        generated=_plain(generated),
        style=mine,
        structure=structure,
        mark=mark,
        driver=driver,
    )
    return climb.result()


def _keys(text: str) -> list[str]:
    return [bare(line) for line in lines_of(_plain(text))]


def _plain(text: str) -> str:
    return alike(text, "\n")


def _unmarked(text: str) -> str:
    return text.removeprefix(MARK)


@dataclass(frozen=True, slots=True)
class _Climb:
    """Three texts with line feeds alone, and what may merge them.

    `style` is mine as it is.
    """

    base: str
    mine: str
    generated: str
    style: str
    structure: Structure | None
    mark: str
    driver: Driver | None

    def result(self) -> MergeResult:
        """Return the first merge that holds, else the conflict."""
        problem = keep.keep_problem(self.mine, self.mark)
        if problem is not None:
            pieces = undecided_lines(self.base, self.style, self.generated)
            return Conflicted(pieces=pieces, because=f"your text, {problem}")
        base, generated = keep.carried(self.base, self.mine, self.generated, self.mark)
        climb = replace(self, base=base, generated=generated)
        for merged in climb.merges():
            text = restyled(merged.text, self.style)
            if keep.is_kept(_unmarked(self.style), _unmarked(text), self.mark):
                return Merged(text=text, method=merged.method)
        return climb.conflict()

    def merges(self) -> Iterator[Merged]:
        """Yield merges, by the weakest means first."""
        if self.base == self.generated:
            yield Merged(text=self.mine, method=Method.MINE)
        if self.base == self.mine:
            yield Merged(text=self.generated, method=Method.GENERATED)
        yield from self._by_lines()
        if self.structure is not None:
            yield from self._by_structure(self.structure)
        if self.driver is not None:
            text = self.driver(self.base, self.mine, self.generated)
            if text is not None and self._passes(self.generated, text):
                yield Merged(text=text, method=Method.DRIVER)

    def _by_lines(self) -> Iterator[Merged]:
        if self.structure is not None and self._is_reordered(self.structure):
            return
        text, damage = self._lines()
        if text is not None and damage is None:
            yield Merged(text=text, method=Method.LINES)

    def _lines(self) -> tuple[str | None, str | None]:
        """Return the clean merge by lines, if there is one, and what is bad in it."""
        text = agreed_text(merged_lines(self.base, self.mine, self.generated))
        if text is None:
            return None, None
        sides = (self.base, self.mine, self.generated)
        return text, gates.damage(*sides, text, self.structure)

    def _is_reordered(self, structure: Structure) -> bool:
        return structure.is_reordered(self.base, self.generated)

    def _by_structure(self, structure: Structure) -> Iterator[Merged]:
        as_it_is = structure.merged(self.base, self.mine, self.generated)
        if not self._is_reordered(structure):
            yield from self._passed(self.generated, as_it_is)
        ordered = structure.reordered(self.base, self.generated)
        if not structure.is_reordered(self.base, ordered):
            text = agreed_text(merged_lines(self.base, self.mine, ordered))
            lines = None if text is None else Merged(text=text, method=Method.LINES)
            again = structure.merged(self.base, self.mine, ordered)
            for merged in self._passed(ordered, lines, again):
                laid = structure.relaid(self.base, self.generated, merged.text)
                if laid is not None:
                    yield replace(merged, text=laid)
        yield from self._passed(self.generated, as_it_is)

    def _passed(self, generated: str, *found: Merged | None) -> Iterator[Merged]:
        for merged in found:
            if merged is not None and self._passes(generated, merged.text):
                yield merged

    def _passes(self, generated: str, text: str) -> bool:
        sides = (self.base, self.mine, generated)
        return gates.objection(*sides, text, self.structure) is None

    def conflict(self) -> Conflicted:
        """Return the conflict with the least to decide."""
        found = [merged_lines(self.base, self.style, g) for g in self._generated()]
        pieces = min(found, key=_open_lines)
        if agreed_text(pieces) is None and self._holds_blocks(pieces):
            return Conflicted(pieces=pieces, because=self._because())
        pieces = undecided_lines(self.base, self.style, self.generated)
        _, damage = self._lines()
        because = filter(None, ("the two sides together would be broken", damage))
        return Conflicted(pieces=pieces, because=": ".join(because))

    def _generated(self) -> Iterator[str]:
        yield self.generated
        if self.structure is not None:
            yield self.structure.reordered(self.base, self.generated)

    def _because(self) -> str:
        """Return why a person must decide regions."""
        if keep.is_kept(self.mine, self.generated, self.mark):
            return "both sides changed the same lines"
        return "a protected block has no place in the generated text"

    def _holds_blocks(self, pieces: tuple[str | Region, ...]) -> bool:
        sides = (p if isinstance(p, str) else p.mine for p in pieces)
        return keep.is_kept(self.mine, _plain("".join(sides)), self.mark)


def _open_lines(pieces: tuple[str | Region, ...]) -> int:
    regions = [piece for piece in pieces if isinstance(piece, Region)]
    return sum(r.mine.count("\n") + r.generated.count("\n") + 1 for r in regions)
