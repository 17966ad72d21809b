"""Places where a reply says that code goes on instead of writing it.

Rule 1: a comment counts only if it can hardly mean anything else; a heading such as
``# other helpers`` above real code is no elision. Rule 2: ``...`` alone in a body
is Python; among other statements it stands for something left out.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from typing import Final

from pdd_tasks.adapters.python.tree import is_docstring, lines_of, tree_of


_DOTS: Final = r"(?:\.{3,}|\u2026)"
_GONE: Final = (
    r"(?:rest|remaining|remainder|existing|previous|unchanged|original|omitted"
    r"|elided|truncated|continued?s?)"
)
_LEFT: Final = rf"(?:{_GONE}|earlier|other|same|above|your)"
_CODE: Final = (
    r"(?:code|class|file|module|functions?|methods?|tests?|cases|imports?|body"
    r"|implementation|logic|definitions?|helpers|content|program|script)"
)
_END: Final = (
    r"(?:here|unchanged|omitted|elided|(?:the )?same|as before|as is|as above"
    r"|goes here|not shown|for brevity)"
)
_VERB: Final = r"(?:(?:is|are|remains?|stays?|goes|go|continues?) )?"
_BRIEF: Final = r"(?: for (?:brevity|clarity))?"
_OF: Final = rf"(?:of (?:the |this |your )?{_CODE})"
_SAYINGS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_DOTS} ?.*\b{_GONE}\b.*",
        rf"{_DOTS} ?.*\b{_LEFT}\b.*\b{_CODE}\b.*",
        rf"{_DOTS} ?.*\b{_CODE}\b.* ?{_DOTS}",
        rf"(?:the )?{_LEFT}\b.*{_DOTS}",
        rf"[(\[<{{](?:the )?{_LEFT}\b.*\b{_CODE}\b.*[)\]>}}]",
        rf"(?:the )?(?:rest|remainder) {_OF}(?: {_VERB}{_END})*\.?",
        rf"(?:the |all )?{_LEFT} (?:\w+ )?{_CODE}(?: {_VERB}{_END})+\.?",
        rf"(?:{_CODE} )?{_VERB}(?:omitted|unchanged|elided|truncated){_BRIEF}\.?",
        r"(?:same|unchanged) as (?:before|above)\.?",
    )
)
_MARK: Final = re.compile(r"^\s*(?:#+|//+|/\*+)?\s*(.*?)\s*(?:\*/)?\s*$")
_SHOWN: Final = 80
_LONG: Final = 300  # a saying is short, and the patterns are slow on what is not


def elision(text: str) -> str | None:
    """Return the first place where code was left out: ``line 12: "# ... rest"``."""
    tree = tree_of(text)
    said = _comments(text) if tree else enumerate(lines_of(text), 1)
    places = {number: line.strip() for number, line in said if _is_elision(line)}
    if tree:
        places |= dict.fromkeys(_bare_dots(tree), "...")
    if not places:
        return None
    first = min(places)
    return f'line {first}: "{places[first][:_SHOWN]}"'


def _is_elision(line: str) -> bool:
    found = _MARK.match(line) if len(line) <= _LONG else None
    said = found[1] if found else ""
    return any(saying.fullmatch(said) for saying in _SAYINGS)


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
