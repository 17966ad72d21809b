"""The JSON that jest writes, and vitest in the same form."""

import json
from collections.abc import Iterator, Mapping
from typing import Final

from pdd_tasks.adapters.toolchain.result import Case
from pdd_tasks.core.model.test_name import test_name


_OUTCOMES: Final[Mapping[str, str]] = {"passed": "passed", "failed": "failed"}


def cases(text: str) -> tuple[Case, ...]:
    """Return the cases of a report, in its order; none if it is no such report."""
    try:
        report = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    return tuple(
        case
        for file in _listed(report, "testResults")
        for case in _cases(file, _said(file, "name"))
    )


def _cases(file: Mapping[str, object], name: str) -> Iterator[Case]:
    results = list(_listed(file, "assertionResults"))
    has_failed = any(_said(one, "status") == "failed" for one in results)
    if not has_failed and _said(file, "status") == "failed":
        yield _failed("", name, _said(file, "message"))
    for result in results:
        groups = result.get("ancestorTitles")
        titles = [str(g) for g in groups] if isinstance(groups, list) else []
        test = test_name([*(t for t in titles if t), _said(result, "title")])
        outcome = _OUTCOMES.get(_said(result, "status"), "skipped")
        if outcome == "failed":
            messages = result.get("failureMessages")
            told = [str(m) for m in messages] if isinstance(messages, list) else []
            yield _failed(test, name, "\n".join(told))
        else:
            yield Case(test=test, outcome=outcome, file=name)


def _failed(test: str, file: str, text: str) -> Case:
    first = text.strip().partition("\n")[0]
    named, colon, message = first.partition(": ")
    exception = named if colon and named.isidentifier() else ""
    return Case(
        test=test,
        outcome="failed",
        file=file,
        exception=exception,
        message=message if exception else first,
        text=text,
    )


def _listed(value: object, key: str) -> Iterator[Mapping[str, object]]:
    found = value.get(key) if isinstance(value, dict) else None
    for one in found if isinstance(found, list) else ():
        if isinstance(one, dict):
            yield one


def _said(value: Mapping[str, object], key: str) -> str:
    found = value.get(key)
    return found if isinstance(found, str) else ""
