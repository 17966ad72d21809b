"""Fingerprints and run reports as JSON files below ``.pdd/meta``.

What the files hold is in `pdd_tasks.core.model.fingerprint_form` and
`report_form`. Rule 1: a file that is there and cannot be understood is refused,
never treated as absent. Rule 2: nothing here writes; a `Write` is for the
publisher.

pdd-cli put the files of all units into one folder, ``/`` in a basename turned into
``_``, at times with the language as the prompt spells it. Such a file is read for a
unit that has none of its own, as long as it is pdd-cli's work: once one of our
units has written under that name, it is that unit's alone. Where ``core/cloud`` and
``core_cloud`` both exist, pdd-cli itself kept one file for the two; both may read
it, and its hashes count for the one whose bytes they match.
"""

import hashlib
import json
import os
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Final, TypeVar, cast

from pdd_tasks.adapters.files import plain_bytes
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.fingerprint_form import fingerprint_mapping, fingerprint_of
from pdd_tasks.core.model.form import FormError
from pdd_tasks.core.model.plain_form import (
    PlainReport,
    PlainTrace,
    plain_report,
    plain_trace,
)
from pdd_tasks.core.model.publication import Write
from pdd_tasks.core.model.report_form import report_mapping, report_of
from pdd_tasks.core.model.trace import Fingerprint, RunReport
from pdd_tasks.errors import StateError


T = TypeVar("T")
META: Final = PurePosixPath(".pdd/meta")
_TRACE: Final = ".json"
_RUN: Final = "_run.json"
_GRAPH: Final = "dependency_graph"
_KEPT: Final = 256  # values in memory: more than units are worked at once


class TraceFiles:
    """Reads traces and forms their next contents; fits `Traces`."""

    def __init__(
        self, root: Path, *, redact: Callable[[str], str] = lambda text: text
    ) -> None:
        """Look below a state root, an absolute path.

        Reasons and messages are redacted in what is formed.
        """
        self._root = root
        self._values: OrderedDict[str, tuple[bytes, object]] = OrderedDict()
        self._redact = redact

    def fingerprint(self, unit: UnitId) -> Fingerprint | None:
        """Return a unit's fingerprint, migrated if older; None if there is none.

        Raises:
            StateError: If it is broken, newer than this program, or in conflict.
        """
        return self._value(unit, _TRACE, fingerprint_of)

    def report(self, unit: UnitId) -> RunReport | None:
        """Return a unit's run report; None if there is none.

        Raises:
            StateError: If it is broken, newer than this program, or in conflict.
        """
        return self._value(unit, _RUN, report_of)

    def plain(self, unit: UnitId) -> tuple[PlainTrace, PlainReport] | None:
        """Return a unit's records for a glance; None unless both are plain ones."""
        start = f"{self._root}/{META}/{unit}"
        try:
            trace = plain_trace(*_counted(_content(start + _TRACE)))
            report = plain_report(*_counted(_content(start + _RUN)))
        except (StateError, ValueError, RecursionError):
            return None  # told by who looks at length
        return None if trace is None or report is None else (trace, report)

    def names(self) -> tuple[str, ...]:
        """Return the names of all units that have a fingerprint, sorted."""
        top = str(self._root / META)  # as a text: asked at each look at a new unit
        found = (
            f"{folder[len(top) + 1 :]}/{name}".removeprefix("/")
            for folder, _, names in os.walk(top)
            for name in names
            if name.endswith(_TRACE) and not name.endswith(_RUN) and "_" in name
        )
        names = {path.removesuffix(_TRACE) for path in found}
        return tuple(sorted(names - {_GRAPH}))

    def discard(self, unit: UnitId) -> None:
        """Remove what is on record of a unit; others have taken it over.

        Raises:
            PddError: If the disk refuses.
        """
        from pdd_tasks.adapters.refusal import refusing

        with refusing(f"remove what is on record of unit {unit}"):
            for ending in (_RUN, _TRACE):
                (self._root / _place(unit, ending)).unlink(missing_ok=True)

    def fingerprint_write(self, unit: UnitId, trace: Fingerprint) -> Write:
        """Return the write that records a fingerprint over what is there now.

        Raises:
            StateError: If what is there cannot be read.
        """
        from pdd_tasks.core.model.trace_redaction import redacted

        known = redacted(trace, self._redact)
        return self._write(_place(unit, _TRACE), fingerprint_mapping(known))

    def report_write(self, unit: UnitId, report: RunReport) -> Write:
        """Return the write that records a run report over what is there now.

        Raises:
            StateError: If what is there cannot be read.
        """
        from pdd_tasks.core.model.trace_redaction import redacted_report

        known = redacted_report(report, self._redact)
        return self._write(_place(unit, _RUN), report_mapping(known))

    def _write(self, place: PurePosixPath, mapping: Mapping[str, object]) -> Write:
        data = _content(self._root / place)
        expected = None if data is None else hashlib.sha256(data).hexdigest()
        return Write(path=place, data=canonical(mapping), expected=expected)

    def _value(
        self, unit: UnitId, ending: str, form: Callable[[Mapping[str, object]], T]
    ) -> T | None:
        own = f"{self._root}/{META}/{unit}{ending}"
        data = _content(own)
        if data is not None:
            return self._known(own, data, ending, form)
        for flat, data in self._flat(unit, ending):
            mapping = _parsed(flat, data, ending)
            if "schema" not in mapping:
                return _formed(flat, mapping, ending, form)
        return None

    def _known(
        self,
        own: str,
        data: bytes,
        ending: str,
        form: Callable[[Mapping[str, object]], T],
    ) -> T:
        """Return what some bytes say, formed once: a run looks at a unit often."""
        before, value = self._values.get(own, (b"", None))
        if before != data or value is None:
            place = Path(own)
            value = _formed(place, _parsed(place, data, ending), ending, form)
            self._values[own] = (data, value)
            with suppress(KeyError):  # another thread took the last one out
                while len(self._values) > _KEPT:
                    self._values.popitem(last=False)
        return cast("T", value)

    def _flat(self, unit: UnitId, ending: str) -> Iterator[tuple[Path, bytes]]:
        """Yield what pdd-cli may have kept for a unit, its newest spelling first."""
        start = f"{unit.basename.replace('/', '_')}_"
        name = f"{start}{unit.language}{ending}".lower()
        for path in _files(self._root / META, name):
            if path.name.startswith(start) and path.name.endswith(ending):
                data = _content(path)
                if data is not None:
                    yield path, data


def canonical(mapping: Mapping[str, object]) -> bytes:
    """Return a mapping as JSON: keys sorted, one a line, a newline at the end."""
    text = json.dumps(
        mapping, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False
    )
    # A name that is not Unicode has lone surrogates; JSON can escape them, so that
    # one odd file name does not make a unit's state unwritable.
    return f"{text}\n".encode(errors="backslashreplace")


def _place(unit: UnitId, ending: str) -> PurePosixPath:
    return META / f"{unit}{ending}"


def _files(folder: Path, name: str) -> list[Path]:
    """Return a folder's entries of a name, small letters before capitals.

    Args:
        folder: The folder; it may be absent.
        name: The name in small letters.
    """
    try:
        every = os.listdir(folder)  # noqa: PTH208 - paths of all would cost too much
    except FileNotFoundError:
        return []
    found = sorted((one for one in every if one.lower() == name), reverse=True)
    return [folder / one for one in found]


def _content(path: Path | str) -> bytes | None:
    try:
        return plain_bytes(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        from pdd_tasks.adapters.trace_problem import unreadable

        raise unreadable(Path(path), error) from error


def _parsed(path: Path, data: bytes, ending: str) -> Mapping[str, object]:
    try:
        mapping = _JSON.decode(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        from pdd_tasks.adapters.trace_problem import unparsed

        raise unparsed(path, data, error, ending) from error
    if not isinstance(mapping, dict):
        from pdd_tasks.adapters.trace_problem import broken

        raise broken(path, " is JSON, but not an object", ending)
    return mapping


def _counted(data: bytes | None) -> tuple[object, int]:
    """Return what JSON says, and how many texts there are in it.

    Raises:
        ValueError: If it is no JSON, is absent, or has escapes.
    """
    if data is None or b"\\" in data:
        msg = "not as usual"
        raise ValueError(msg)
    return _PLAIN_JSON.decode(data.decode()), data.count(b'"') // 2


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    # A merge resolved by keeping both sides leaves a key twice; json would take
    # the last one without a word.
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        msg = f"the key {twice!r} is there more than once"
        raise ValueError(msg)
    return mapping


def _no_constant(name: str) -> object:
    msg = f"{name} is not JSON"
    raise ValueError(msg)


_PLAIN_JSON: Final = json.JSONDecoder()
_JSON: Final = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant)


def _formed(
    path: Path,
    mapping: Mapping[str, object],
    ending: str,
    form: Callable[[Mapping[str, object]], T],
) -> T:
    try:
        return form(mapping)
    except FormError as error:
        from pdd_tasks.adapters.trace_problem import unformed

        raise unformed(path, error, ending) from error
