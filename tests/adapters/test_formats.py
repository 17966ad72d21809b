"""What docs/formats.md shows is what the program reads and writes."""

import json
import re
from pathlib import Path, PurePosixPath

import pytest
from trace_values import (
    CODE,
    PROMPT,
    calculator_report,
    calculator_trace,
)

from pdd_tasks.adapters import manifest
from pdd_tasks.adapters.locks.record import record_bytes
from pdd_tasks.adapters.manifest import Entry, manifest_bytes, parse_manifest
from pdd_tasks.adapters.models import reply_entry
from pdd_tasks.adapters.safety_folder import note_bytes
from pdd_tasks.adapters.traces import canonical
from pdd_tasks.core.model import fingerprint_form, lock, report_form
from pdd_tasks.core.model.artifact import Artifact, Digest, UnitId
from pdd_tasks.core.model.failure import FailureKind
from pdd_tasks.core.model.fingerprint_form import fingerprint_mapping, fingerprint_of
from pdd_tasks.core.model.lock import LockRecord, lock_mapping, lock_of
from pdd_tasks.core.model.report_form import report_mapping, report_of
from pdd_tasks.core.model.safety_copy import SafetyCopy, message
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.model.trace import Fingerprint
from pdd_tasks.core.prompt.redact import Redactor
from pdd_tasks.core.prompt.request import Message, Reply, Request


DOCS = Path(__file__).parents[2] / "docs"
FORMATS = (DOCS / "formats.md").read_text(encoding="utf-8")
GLOSSARY = (DOCS / "glossary.md").read_text(encoding="utf-8")
ENTRIES = (
    Entry(
        path=PurePosixPath("src/calculator.py"),
        slot="0",
        old=None,
        new=Digest.of(CODE).raw,
        mode=0o644,
    ),
    Entry(
        path=PurePosixPath(".pdd/meta/calculator_python.json"),
        slot="1",
        old=Digest.of(PROMPT).raw,
        new=Digest.of(canonical(fingerprint_mapping(calculator_trace()))).raw,
        mode=0o644,
    ),
)

LOCK = LockRecord(
    unit="calculator_python",
    generation=12,
    token="b1946ac92492d234",  # noqa: S106 - no password
    pid=4321,
    parent=4000,
    start="2026-03-01T09:29:58.120+00:00",
    boot_id="6f1c3f52-0c1d-4a44-9d3b-0f7f5b2f6f0a",
    host="box",
    exe_hash="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    heartbeat=86_400_000,
    idle=1_200_000,
    since="2026-03-01T09:30:00Z",
    command="doit sync:calculator",
)
REQUEST = Request(
    kind="generate",
    template="generate@1",
    endpoint="openai",
    model="openai/gpt-5",
    messages=(
        Message("system", "Answer with one file.\nKeep public names."),
        Message("user", PROMPT.decode()),
    ),
    max_tokens=16_000,
)
RECORDED = reply_entry.Entry(
    key=REQUEST.key,
    label="",
    recorded_at="2026-03-01T09:30:00+00:00",
    request=reply_entry.stored_request(REQUEST, Redactor.of({})),
    reply=Reply(
        text=f"```python\n{CODE.decode()}```\n",
        model="gpt-5",
        prompt_tokens=220,
        completion_tokens=31,
        cost=4200,
    ),
)


def _example(kind: str) -> str:
    found = re.search(rf"<!-- {kind} -->\n```json\n(.*?)```\n", FORMATS, re.DOTALL)
    assert found, f"formats.md has no example of a {kind}"
    return found[1]


@pytest.mark.parametrize(
    "kind, written",
    [
        pytest.param(
            "fingerprint",
            canonical(fingerprint_mapping(calculator_trace())),
            id="fingerprint",
        ),
        pytest.param(
            "report", canonical(report_mapping(calculator_report())), id="run"
        ),
        pytest.param(
            "manifest", manifest_bytes("calculator_python", ENTRIES), id="manifest"
        ),
        pytest.param("recorded reply", RECORDED.form(), id="recorded-reply"),
        pytest.param("lock record", record_bytes(LOCK), id="lock-record"),
    ],
)
def test_an_example_is_what_the_program_writes(kind, written):
    assert _example(kind) == written.decode()


def test_an_example_is_read_back_as_what_it_shows():
    assert fingerprint_of(json.loads(_example("fingerprint"))) == calculator_trace()
    assert report_of(json.loads(_example("report"))) == calculator_report()
    assert parse_manifest(_example("manifest").encode(), "manifest.json") == ENTRIES
    unit = UnitId("calculator", "python")
    assert lock_of(json.loads(_example("lock record")), unit) == LOCK
    reply = _example("recorded reply").encode()
    assert reply_entry.Entry.parse(reply, REQUEST.key) == RECORDED


def test_the_example_of_pdd_cli_is_migrated():
    trace = fingerprint_of(json.loads(_example("pdd-cli fingerprint")))
    assert trace == Fingerprint(
        pdd_version="0.0.310",
        timestamp="2026-01-01T00:00:00+00:00",
        command="test",
        hashes=trace.foreign,
        foreign={
            Artifact.PROMPT: Digest.of(PROMPT).raw,
            Artifact.CODE: Digest.of(CODE).raw,
        },
    )


@pytest.mark.parametrize(
    "kind, mapping",
    [
        pytest.param(
            "Fingerprint",
            {**fingerprint_mapping(calculator_trace()), "foreign": {}, "conflicts": {}},
            id="fingerprint",
        ),
        pytest.param("Run report", report_mapping(calculator_report()), id="run"),
        pytest.param(
            "Recorded replies",
            {**json.loads(RECORDED.form()), "dropped": []},
            id="reply",
        ),
        pytest.param("Locks", lock_mapping(LOCK), id="lock"),
    ],
)
def test_every_key_is_explained(kind, mapping):
    section = FORMATS.partition(f"\n## {kind}\n")[2].partition("\n## ")[0]
    table = [line for line in section.splitlines() if line.startswith("| `")]
    named = set(
        re.findall(r"`([a-z_]+)`", " ".join(row.split("|")[1] for row in table))
    )
    assert named == set(mapping)


def test_the_schema_is_the_one_in_the_program():
    homes = (fingerprint_form, report_form, manifest, reply_entry, lock)
    assert {home.SCHEMA for home in homes} == {1}
    assert "at present 1 for all of them" in FORMATS


def test_every_kind_of_failure_is_named():
    assert all(f"`{kind}`" in FORMATS for kind in FailureKind)


@pytest.mark.parametrize(
    "names",
    [pytest.param(Step, id="steps"), pytest.param(Operation, id="operations")],
)
def test_the_glossary_explains_every_name(names):
    assert [name for name in names if f"| `{name}` |" not in GLOSSARY] == []


def test_a_safety_copy_says_what_is_shown():
    files = {PurePosixPath("src/calculator.py"): Digest.of(CODE).raw}
    copy = SafetyCopy(
        id="20260301T093000Z-calculator_python",
        unit="calculator_python",
        at="2026-03-01T09:30:00Z",
        files=files,
        because="the prompt changed",
    )
    said = message(copy, "services/billing")
    assert shown("safety copy", "text") == said
    noted = json.loads(note_bytes(copy))
    assert json.loads(shown("safety note", "json")) == noted
    assert note_bytes(copy).decode() == shown("safety note", "json")


def shown(mark: str, tag: str) -> str:
    _, _, rest = FORMATS.partition(f"<!-- {mark} -->\n```{tag}\n")
    return rest.partition("```")[0]
