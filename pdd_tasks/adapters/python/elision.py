"""Places where a reply says that code goes on instead of writing it.

What comments say so is in `core.prompt.elision`. ``...`` alone in a body is Python;
among other statements it stands for something left out.
"""

import ast
import io
import tokenize
from collections.abc import Iterator
from typing import Final

from pdd_tasks.adapters.python.tree import is_docstring, lines_of, tree_of
from pdd_tasks.core.prompt.elision import is_elision


_SHOWN: Final = 80


def elision(text: str) -> str | None:
    """Return the first place where code was left out: ``line 12: "# ... rest"``."""
    tree = tree_of(text)
    said = _comments(text) if tree else enumerate(lines_of(text), 1)
    places = {number: line.strip() for number, line in said if is_elision(line)}
    if tree:
        places |= dict.fromkeys(_bare_dots(tree), "...")
    if not places:
        return None
    first = min(places)
    return f'line {first}: "{places[first][:_SHOWN]}"'


def _comments(text: str) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def _bare_dots(tree: ast.Module) -> Iterator[int]:
    """Yield the lines of ``...`` that stand among other statements."""
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            body = getattr(node, name, None)
            if not isinstance(body, list):
                continue  # of a lambda or a conditional expression
            real = [s for s in body if not is_docstring(s)]
            if len(real) > 1 or isinstance(node, ast.Module):
                yield from (s.lineno for s in real if _is_dots(s))


def _is_dots(statement: ast.stmt) -> bool:
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(value, ast.Constant) and value.value is Ellipsis
