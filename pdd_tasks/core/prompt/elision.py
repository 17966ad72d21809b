"""Comments by which a reply says that code goes on instead of writing it.

A comment counts only if it can hardly mean anything else; a heading such as ``# other
helpers`` above real code is no elision.
"""

import re
from functools import cache
from typing import Final


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
_SAYINGS: Final = (
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
_MARK: Final = re.compile(r"^\s*(?:#+|//+|/\*+)?\s*(.*?)\s*(?:\*/)?\s*$")
_LONG: Final = 300  # a saying is short, and the patterns are slow on what is not


def is_elision(line: str) -> bool:
    """Return whether a comment stands for code that was left out."""
    found = _MARK.match(line) if len(line) <= _LONG else None
    said = found[1] if found else ""
    return any(saying.fullmatch(said) for saying in _sayings())


@cache
def _sayings() -> tuple[re.Pattern[str], ...]:
    """Return the patterns; to make them takes longer than most runs need them for."""
    return tuple(re.compile(saying, re.IGNORECASE) for saying in _SAYINGS)
