import json

import pytest

from pdd_tasks.core.prompt.choice import choice, choice_schema
from pdd_tasks.errors import ReplyError


NAMES = ("money_python", "docs/style.md")


def test_a_choice_comes_in_the_order_of_what_was_offered():
    said = (
        '{"because": "it rounds\\n cents", "chosen": ["docs/style.md", "money_python"]}'
    )
    found = choice(said, NAMES)
    assert found.chosen == NAMES
    assert found.because == "it rounds cents"


def test_choosing_nothing_is_a_choice():
    assert choice('```json\n{"because": "no", "chosen": []}\n```', NAMES).chosen == ()


@pytest.mark.parametrize(
    "said, where",
    [
        pytest.param('{"because": "x", "chosen": ["other"]}', "chosen/0", id="unknown"),
        pytest.param('{"chosen": []}', "the object", id="no reason"),
        pytest.param('{"because": "", "chosen": []}', "because", id="empty reason"),
        pytest.param("[]", "the object", id="list"),
    ],
)
def test_what_is_not_of_the_schema_is_refused(said, where):
    with pytest.raises(ReplyError, match=f"not of its schema: {where}: "):
        choice(said, NAMES)


def test_the_schema_names_what_may_be_chosen():
    schema = json.loads(choice_schema(NAMES))
    assert schema["properties"]["chosen"]["items"]["enum"] == list(NAMES)
