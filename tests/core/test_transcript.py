from dataclasses import replace

from pdd_tasks.core.prompt.request import Message, Request
from pdd_tasks.core.prompt.transcript import transcript


REQUEST = Request(
    kind="generate",
    template="generate@1",
    endpoint="e",
    model="m",
    messages=(Message("system", "Rules.\n"), Message("user", "Add.\n")),
    max_tokens=1,
)


def test_one_question_needs_no_roles():
    assert transcript(REQUEST) == "Rules.\n\nAdd.\n"


def test_a_conversation_says_who_said_what():
    more = (Message("assistant", "done"), Message("user", "no"))
    long = replace(REQUEST, messages=(*REQUEST.messages, *more))
    assert transcript(long) == (
        "--- system ---\n\nRules.\n\n--- user ---\n\nAdd.\n\n"
        "--- assistant ---\n\ndone\n\n--- user ---\n\nno\n"
    )


def test_a_schema_is_asked_for_in_words():
    text = transcript(replace(REQUEST, schema='{"type":"object"}'))
    assert text.endswith('schema, and with nothing else:\n\n{"type":"object"}\n')
