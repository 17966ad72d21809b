import json

import jsonschema
import pytest

from pdd_tasks.core.prompt.analysis import (
    ANALYSIS_SCHEMA,
    Advice,
    Analysis,
    analysis,
)
from pdd_tasks.errors import ReplyError


SAID = {"advice": "merge", "because": "add and sub", "confidence": 0.9}


def test_an_analysis_is_read_from_json():
    expected = Analysis(advice=Advice.MERGE, confidence=0.9, because="add and sub")
    assert analysis(json.dumps(SAID)) == expected
    assert analysis(f"```json\n{json.dumps(SAID)}\n```\n") == expected


def test_a_reason_of_several_lines_becomes_one():
    found = analysis(json.dumps({**SAID, "because": "add\n  and sub "}))
    assert found.because == "add and sub"


@pytest.mark.parametrize(
    "confidence, sure",
    [
        pytest.param(0.79, False, id="below"),
        pytest.param(0.8, True, id="at"),
        pytest.param(1, True, id="certain"),
    ],
)
def test_an_analysis_counts_from_a_confidence_on(confidence, sure):
    assert analysis(json.dumps({**SAID, "confidence": confidence})).sure is sure


@pytest.mark.parametrize(
    "reply, message",
    [
        pytest.param("merge", "not JSON", id="prose"),
        pytest.param("[]", "the object: .* is not of type 'object'", id="a list"),
        pytest.param("{}", "the object: 'advice' is a required", id="empty"),
        pytest.param(
            json.dumps({**SAID, "advice": "generated"}),
            "advice: 'generated' is not one of",
            id="advice that drops bytes",
        ),
        pytest.param(
            json.dumps({**SAID, "confidence": 1.1}), "confidence: 1.1", id="too sure"
        ),
        pytest.param(
            json.dumps({**SAID, "confidence": True}),
            "confidence: True is not of type 'number'",
            id="confidence that is no number",
        ),
        pytest.param(
            json.dumps({**SAID, "because": ""}), "because: ''", id="no reason"
        ),
        pytest.param(json.dumps({**SAID, "x": 1}), "'x' was unexpected", id="more"),
    ],
)
def test_what_is_not_of_the_schema_is_refused_and_says_where(reply, message):
    with pytest.raises(ReplyError, match=message):
        analysis(reply)


def test_the_schema_that_is_sent_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(json.loads(ANALYSIS_SCHEMA))
