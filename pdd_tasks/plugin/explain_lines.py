"""Explanations as lines for a screen."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from typing import Final

from pdd_tasks.core.model.ledger import dollars
from pdd_tasks.core.plan.cause import WORDS, Cause, Kind, StepState
from pdd_tasks.plugin.explained import Explanation, StepView
from pdd_tasks.plugin.question import Question


LINES: Final = 24
COLUMNS: Final = 80
_INDENT: Final = 7
_WIDTH: Final = COLUMNS - _INDENT
_CAUSES: Final = 4
_WAYS: Final = 2
_REMARKS: Final = 3
_HUNK: Final = 8
_LEAST: Final = 3
_DIGEST: Final = 12
_DATE: Final = 10
_CONTEXT: Final = 30
_SELF: Final = frozenset({Kind.CIRCLE, Kind.REFUSED})


def lines(found: Sequence[Explanation], at_rest: int = 0) -> list[str]:
    """Return explanations as lines: one at length, several in short.

    Args:
        found: The explanations.
        at_rest: How many further units are current.
    """
    if len(found) == 1:
        return _screen(found[0])
    shown = [line for one in found for line in _short(one)]
    rest = "units are" if at_rest != 1 else "unit is"
    if at_rest:
        shown.append(f"{at_rest} {rest} current")
    if found:
        shown.append(f"name one for all of it: doit explain {_name(found[0])}")
    return shown


def _short(one: Explanation) -> Iterator[str]:
    yield _cut(_head(one))
    for cause in one.causes[:_CAUSES]:
        yield _cut(f"  {_headline(one, cause)}")
    if len(one.causes) > _CAUSES:
        yield f"  and {len(one.causes) - _CAUSES} more causes"


def _screen(one: Explanation) -> list[str]:
    head = [*_wrapped("", _head(one)), *_remarks(one)]
    foot = [*_ways(one), *_rows(one), *_foot(one)]
    shown = one.causes[:_CAUSES]
    titles = [_wrapped("cause", _headline(one, cause)) for cause in shown]
    more = len(one.causes) - len(shown)
    said = [f"{'':{_INDENT}}and {more} more causes: see --json"] if more else []
    left = LINES - len(head) - len(foot) - sum(map(len, titles)) - len(said)
    body: list[str] = []
    for number, (cause, title) in enumerate(zip(shown, titles, strict=True)):
        share = max(0, left) // (len(shown) - number)
        details = _details(cause, share)
        left -= len(details)
        body += [*title, *details]
    return [*head, *body, *said, *foot][:LINES]


def _name(one: Explanation) -> str:
    return str(one.unit.id) if one.step is None else f"{one.unit.id}:{one.step}"


def _head(one: Explanation) -> str:
    name = _name(one)
    if one.error is not None:
        return f"{name} is {one.state}: a sync refuses it"
    if one.step is not None:
        because = one.steps[-1].decision.because
        if one.state is StepState.POSSIBLE:
            return f"{name} comes after what is due, and may follow: {because}"
        return f"{name} is {one.state}: {because}"
    due = sum(1 for view in one.steps if view.decision.due)
    if due:
        return (
            f"{name} is {one.state}: {due} {'step is' if due == 1 else 'steps are'} due"
        )
    if one.state is StepState.POSSIBLE:
        return f"{name} is current, but what it needs is not: it may follow"
    return f"{name} is {one.state}"


def _remarks(one: Explanation) -> Iterator[str]:
    for remark in one.remarks[:_REMARKS]:
        yield from _wrapped("note", remark.text)


def _headline(one: Explanation, cause: Cause) -> str:
    said = WORDS[cause.kind]
    if cause.kind in _SELF:
        whose = "" if cause.unit == str(one.unit.id) else f"{cause.unit}: "
        return f"{whose}{said}: {cause.subject}"
    whose = "" if cause.unit == str(one.unit.id) else f" of {cause.unit}"
    return f"{said}: {cause.subject}{whose}"


def _details(cause: Cause, share: int) -> list[str]:
    """Return what else is to be said of a cause, in so many lines at most."""
    said = [_digests(cause), *textwrap.wrap(cause.note, _WIDTH)[:2], _commit(cause)]
    plain = [_cut(f"{'':{_INDENT}}{line}") for line in said if line][:share]
    room = min(share - len(plain), _HUNK)
    hunk = [f"{'':{_INDENT}}{line}" for line in shown_hunk(cause.hunk)]
    more = cause.more_hunks
    if more and room > len(hunk):
        places = "place" if more == 1 else "places"
        hunk.append(f"{'':{_INDENT}}and {more} more {places}")
    if len(hunk) > room:
        hunk = [*hunk[: room - 1], f"{'':{_INDENT}}…"] if room >= _LEAST else []
    return [*plain, *hunk]


def shown_hunk(hunk: Sequence[str]) -> list[str]:
    """Return the lines of a hunk as they fit; a long line at where it differs."""
    changed = [line for line in hunk[1:] if line]
    same = 0
    if len(changed) == 2:  # noqa: PLR2004 - a line, and what stands in its place
        pairs = zip(changed[0][1:], changed[1][1:], strict=False)
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    skipped = max(0, min(same - _CONTEXT, max(map(len, hunk), default=0) - _WIDTH))
    return [
        _short_line(line, skipped if number else 0) for number, line in enumerate(hunk)
    ]


def _short_line(line: str, skipped: int) -> str:
    line = _printable(line)
    cut = f"{line[0]}…{line[2 + skipped :]}" if skipped else line
    return cut.rstrip() if len(cut) <= _WIDTH else f"{cut[: _WIDTH - 1]}…"


def _digests(cause: Cause) -> str:
    if not cause.before and not cause.now:
        return ""
    before = cause.before[:_DIGEST] or "nothing on record"
    return f"{before} -> {cause.now[:_DIGEST] or 'gone'}"


def _commit(cause: Cause) -> str:
    if cause.uncommitted:
        return "not committed yet"
    if cause.commit is None:
        return ""
    one = cause.commit
    more = f" (and {one.earlier} before it)" if one.earlier else ""
    return f"commit {one.id}{more} by {one.author}, {one.at[:_DATE]}: {one.subject}"


def _ways(one: Explanation) -> Iterator[str]:
    shown = [route.nodes for route in one.routes if len(route.nodes) > 1]
    for nodes in shown[:_WAYS]:
        yield from _wrapped("way", " -> ".join(nodes))


def _rows(one: Explanation) -> Iterator[str]:
    if one.step is not None and one.steps:
        yield from _wrapped("row", _row(one.steps[-1]))
        return
    due = [view for view in one.steps if view.decision.due]
    for view in due or one.steps:
        said = f"row {view.row.number:2}: {view.decision.because}"
        yield _cut(f"{'':{_INDENT}}{view.decision.step:9} {view.state:8} {said}")
    others = _by_state(view for view in one.steps if due and not view.decision.due)
    yield from (_cut(f"{'':{_INDENT}}{line}") for line in others)


def _by_state(views: Iterable[StepView]) -> Iterator[str]:
    """Yield for each state a line with its steps."""
    found: dict[str, list[str]] = {}
    for view in views:
        found.setdefault(str(view.state), []).append(str(view.decision.step))
    for state, steps in found.items():
        yield f"{state}: {', '.join(steps)}"


def _row(view: StepView) -> str:
    facts, decision = view.row.rule.facts, view.decision
    done = str(decision.operation)
    if view.row.rule.then is not decision.operation:  # as docs/decision-table.md ends
        done = f"{view.row.rule.then}, but protection or the profile says {done}"
    return f"{decision.step} {view.row.number} ({facts}): {done}"


def _foot(one: Explanation) -> Iterator[str]:
    if one.total is not None:
        yield from _wrapped("asks", _asks(one.total))
    elif one.step is not None and one.steps and not one.steps[-1].decision.due:
        yield from _made(one.steps[-1])
    hint = one.error.hint if one.error is not None else hint_of(one)
    if hint:
        yield from _wrapped("do", hint)


def _made(view: StepView) -> Iterator[str]:
    if view.made:
        by = f" by {view.model}" if view.model else ""
        yield f"{'made':{_INDENT}}{view.made}{by}"


def hint_of(one: Explanation) -> str:
    """Return what a person can do where a step stops for one; empty if none does."""
    hints = (view.decision.hint for view in one.steps if view.decision.hint)
    return next(hints, "").format(unit=one.unit.id)


def _asks(asked: Question) -> str:
    what = f"{', '.join(asked.kinds)}: {asked.model or 'a model'}"
    if asked.recorded:
        return f"{what}; what it answers first is on record and costs nothing"
    if asked.missing:
        missing = " and ".join(asked.missing)
        return f"{what}; no reply to {missing} is on record: replies=replay refuses it"
    if asked.likely is None:
        return f"{what}; no price is known"
    if not asked.high:
        return f"{what}; it costs nothing"
    return (
        f"{what}; about {dollars(asked.likely)}, hardly more than {dollars(asked.high)}"
    )


def _wrapped(word: str, text: str) -> list[str]:
    """Return a text under its word, in three lines at most."""
    indent = _INDENT if word else 2
    start = f"{word:{indent}}" if word else ""
    return textwrap.wrap(
        _printable(" ".join(text.split())),
        COLUMNS,
        initial_indent=start,
        subsequent_indent=" " * indent,
        break_on_hyphens=False,
        max_lines=3,
        placeholder=" …",
    )


def _printable(text: str) -> str:
    """Return a text of files or of git that changes nothing on a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def _cut(line: str) -> str:
    line = _printable(line)
    return line if len(line) <= COLUMNS else f"{line[: COLUMNS - 1]}…"
