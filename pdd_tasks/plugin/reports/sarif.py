"""Units as a SARIF 2.1.0 log: one rule a kind of drift, one result a drift.

Source: Static Analysis Results Interchange Format (SARIF) version 2.1.0, OASIS
standard; of its properties those that GitHub's code scanning reads.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Final
from urllib.parse import quote

from pdd_tasks.core.plan.drift import MEANINGS, DriftKind, mend
from pdd_tasks.plugin.reports.finding import Finding, Standing


SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_RULES: Final = tuple(DriftKind)


def sarif(units: Sequence[Standing]) -> str:
    """Return the log."""
    driver = {
        "name": "pdd-tasks",
        "version": version("pdd-tasks"),
        "rules": [_rule(kind) for kind in _RULES],
    }
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": "pdd-tasks/"},
        "columnKind": "unicodeCodePoints",
        "results": [_result(unit, one) for unit in units for one in unit.findings],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return f"{json.dumps(log, indent=1)}\n"


def _rule(kind: DriftKind) -> Mapping[str, object]:
    return {
        "id": str(kind),
        "shortDescription": {"text": MEANINGS[kind]},
        "help": {"text": f"Mend it with `{mend(kind, 'UNIT')}`."},
        "defaultConfiguration": {"level": "error"},
    }


def _result(unit: Standing, finding: Finding) -> Mapping[str, object]:
    where = {
        "artifactLocation": {
            "uri": quote(finding.file, errors="surrogateescape"),
            "uriBaseId": "%SRCROOT%",
        },
        "region": {"startLine": finding.line},
    }
    location = {
        "physicalLocation": where,
        "logicalLocations": [{"name": unit.unit, "kind": "module"}],
    }
    text = f"{unit.unit}: {finding.because}; mend it with `{finding.mend}`"
    return {
        "ruleId": str(finding.kind),
        "ruleIndex": _RULES.index(finding.kind),
        "level": "error",
        "message": {"text": text},
        "locations": [location],
        "partialFingerprints": {"drift/v1": _fingerprint(unit, finding)},
    }


def _fingerprint(unit: Standing, finding: Finding) -> str:
    """Return what tells a drift from others, whatever lines move in its file."""
    parts = json.dumps([unit.unit, str(finding.kind), finding.file])
    return hashlib.sha256(parts.encode()).hexdigest()
