import json
from dataclasses import replace

import pytest

from pdd_tasks.core.prompt.request import Message, Request


REQUEST = Request(
    kind="generate",
    template="generate@1",
    endpoint="openai",
    model="openai/gpt-5.4-mini",
    messages=(Message("system", "Write Python."), Message("user", "Add ü zwei.\n")),
    max_tokens=16_000,
)
KEY = "b7ae3b51673e750ab7e08c7c90460f8d83ee25ad97957a7b72acc584c67ec9f6"


def test_a_key_is_the_same_on_every_machine_and_python():
    assert REQUEST.key == KEY


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(replace(REQUEST, template="generate@2"), id="template"),
        pytest.param(replace(REQUEST, endpoint="local"), id="endpoint"),
        pytest.param(replace(REQUEST, model="openai/other"), id="model"),
        pytest.param(
            replace(REQUEST, messages=REQUEST.messages[1:]), id="fewer-messages"
        ),
        pytest.param(
            replace(REQUEST, messages=REQUEST.messages[::-1]), id="order-of-messages"
        ),
        pytest.param(
            replace(REQUEST, messages=(Message("user", "Write Python."),)), id="role"
        ),
        pytest.param(replace(REQUEST, max_tokens=1), id="max-tokens"),
        pytest.param(replace(REQUEST, temperature=None), id="no-temperature"),
        pytest.param(replace(REQUEST, temperature=0.5), id="temperature"),
        pytest.param(replace(REQUEST, schema='{"type":"object"}'), id="schema"),
        pytest.param(replace(REQUEST, sample=1), id="sample"),
    ],
)
def test_whatever_can_change_the_answer_changes_the_key(changed):
    assert changed.key != REQUEST.key


def test_the_kind_is_a_folder_and_not_part_of_the_key():
    assert replace(REQUEST, kind="fix").key == REQUEST.key


def test_line_ends_do_not_change_the_key():
    crlf = tuple(
        Message(m.role, m.content.replace("\n", "\r\n")) for m in REQUEST.messages
    )
    assert replace(REQUEST, messages=crlf).key == REQUEST.key


def test_the_canonical_form_reads_back_and_keeps_letters_as_they_are():
    value = json.loads(REQUEST.canonical())
    assert value["messages"][1] == {"role": "user", "content": "Add ü zwei.\n"}
    assert "ü" in REQUEST.canonical()
    assert "\n" not in REQUEST.canonical()
