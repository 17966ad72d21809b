"""Merges and judges texts of a language that has a tree-sitter grammar."""

from collections import Counter
from collections.abc import Iterator, Mapping

from pdd_tasks.adapters.treesitter.grammar import GRAMMARS, tree_of
from pdd_tasks.adapters.treesitter.outline import outline_of, said
from pdd_tasks.adapters.treesitter.redefinition import defined, opening
from pdd_tasks.core.merge import relaying
from pdd_tasks.core.merge.definitions import merged_outlines
from pdd_tasks.core.merge.line_style import ended, is_ended
from pdd_tasks.core.merge.orphan import orphan
from pdd_tasks.core.merge.outline import Block, Kind, Piece
from pdd_tasks.core.merge.restoring import in_layout, in_order, is_reordered
from pdd_tasks.core.merge.result import Merged


class TreeSitterStructure:
    """What merging needs of one language beyond its lines."""

    def __init__(self, language: str) -> None:
        """Name the language.

        Args:
            language: A language of `GRAMMARS` whose grammar is installed.
        """
        self._language, self._grammar = language, GRAMMARS[language]

    def merged(self, base: str, mine: str, generated: str) -> Merged | None:
        """Return a merge by definitions, statements or words, not judged yet."""
        b, m, g = (self._outline(text) for text in (base, mine, generated))
        joint = merged_outlines(b, m, g) if b and m and g else None
        if joint is None:
            return None
        text = joint.text if is_ended(mine) else joint.text.removesuffix("\n")
        return Merged(text=text, method=joint.method)

    def objection(
        self, base: str, mine: str, generated: str, merged: str
    ) -> str | None:
        """Return why a merge is no good; None if nothing is wrong."""
        if self._is_broken(merged):
            is_old = self._is_broken(mine) or self._is_broken(generated)
            if merged in {base, mine, generated} or not is_old:
                return "it would not parse"
        known = [self._defined(text) for text in (mine, generated)]
        for name, count in self._defined(merged).items():
            if count > max(1, *(side[name] for side in known)):
                return f"{name.split()[0]} would be defined twice"
        b, m, g, x = (self._outline(t) for t in (base, mine, generated, merged))
        gone = orphan(b, m, g, x) if b and m and g and x else None
        return f"{gone} would be used, and a side took it away" if gone else None

    def is_reordered(self, base: str, generated: str) -> bool:
        """Return whether the generated text has definitions in another order."""
        old, new = self._outline(base), self._outline(generated)
        return bool(old and new and is_reordered(old, new))

    def reordered(self, base: str, generated: str) -> str:
        """Return the generated text in the order and layout of the base."""
        old, new = self._outline(base), self._outline(generated)
        if old is None or new is None or self._grammar.keeps_lines:
            return generated
        moved = in_order(old, new) if self._may_move(new) else new
        text = in_layout(old, moved, self._is_same).text
        text = text if is_ended(generated) else text.removesuffix("\n")
        return generated if self._is_broken(text) else text

    def relaid(self, base: str, generated: str, merged: str) -> str | None:
        """Return a merge in the generated layout where the base was left alone."""
        old, model, found = (self._outline(t) for t in (base, generated, merged))
        if old is None or model is None or found is None:
            return merged
        laid = relaying.relaid(old, model, found, self._is_same)
        if laid is None:
            return None
        text = laid.text if is_ended(merged) else laid.text.removesuffix("\n")
        return text if self._is_same(text, merged) else merged

    def definitions(self, text: str) -> Mapping[str, str]:
        """Return qualified name → what the definition says, without layout.

        Of what has members, it is the lines that open it.
        """
        outline = self._outline(text)
        seen: Counter[str] = Counter()
        found: dict[str, str] = {}
        for name, piece in _definitions(outline, "") if outline else ():
            seen[name] += 1
            has_members = any(block.is_free for block in piece.blocks)
            own = piece.blocks[0].head if has_members else piece.text
            label = name if seen[name] == 1 else f"{name} ({seen[name]})"
            found[label] = said(own, self._grammar)
        return found

    def _outline(self, text: str) -> Block | None:
        return outline_of(self._language, ended(text, "\n"))

    def _is_broken(self, text: str) -> bool:
        tree = tree_of(self._language, text)
        return tree is not None and tree.root_node.has_error

    def _may_move(self, outline: Block) -> bool:
        """Return whether definitions may be put into another order."""
        is_class = any("class " in opening(piece) for piece in outline.members)
        return self._grammar.is_free and not (self._grammar.is_late and is_class)

    def _is_same(self, one: str, other: str) -> bool:
        return said(one, self._grammar) == said(other, self._grammar)

    def _defined(self, text: str) -> Counter[str]:
        outline = self._outline(text)
        return defined(outline, self._grammar) if outline else Counter()


def _definitions(block: Block, prefix: str) -> Iterator[tuple[str, Piece]]:
    for piece in block.members:
        name = f"{prefix}{piece.key}"
        if piece.kind in {Kind.DEFINITION, Kind.VALUE, Kind.FIELD} and piece.key:
            yield name, piece
        for inner in piece.blocks:
            if inner.is_free:
                yield from _definitions(inner, f"{name}." if piece.key else prefix)
