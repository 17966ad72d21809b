import json

import pytest

from pdd_tasks.core.model.agent import AGENTS
from pdd_tasks.core.model.settings import CommandForm, CommandReply
from pdd_tasks.core.prompt.printed_reply import PrintedReply, is_path, printed_reply
from pdd_tasks.errors import ModelError


CLAUDE = {
    "type": "result",
    "is_error": False,
    "result": "```python\n```",
    "total_cost_usd": 0.0123456,
    "usage": {
        "input_tokens": 3,
        "cache_creation_input_tokens": 10,
        "cache_read_input_tokens": 20,
        "output_tokens": 7,
    },
}
CODEX = [
    {"type": "thread.started", "thread_id": "1"},
    {"type": "item.completed", "item": {"type": "reasoning", "text": "hm"}},
    {"type": "item.completed", "item": {"type": "agent_message", "text": "first"}},
    {"type": "item.completed", "item": {"type": "agent_message", "text": "last"}},
    {"type": "item.completed", "item": {"type": "reasoning", "text": "done"}},
    {"type": "turn.completed", "usage": {"input_tokens": 5, "output_tokens": 2}},
]
GEMINI = {
    "response": "text",
    "stats": {
        "models": {
            "gemini-2.5-pro": {"tokens": {"prompt": 4, "candidates": 1}},
            "gemini-2.5-flash": {"tokens": {"prompt": 2, "candidates": 3}},
        }
    },
}


def lines(values):
    return "".join(f"{json.dumps(value)}\n" for value in values)


@pytest.mark.parametrize(
    "agent, printed, said",
    [
        pytest.param(
            "claude",
            json.dumps(CLAUDE),
            PrintedReply(
                text="```python\n```",
                prompt_tokens=33,
                completion_tokens=7,
                cost=12346,
            ),
            id="claude",
        ),
        pytest.param(
            "codex",
            lines(CODEX) + "\n",
            PrintedReply(text="last", prompt_tokens=5, completion_tokens=2),
            id="codex-last-message",
        ),
        pytest.param(
            "gemini",
            json.dumps(GEMINI),
            PrintedReply(text="text", prompt_tokens=6, completion_tokens=4),
            id="gemini-all-models",
        ),
        pytest.param(
            "claude",
            json.dumps({"is_error": True, "result": "no credit"}),
            PrintedReply(text="no credit", failed="no credit"),
            id="failed-with-words",
        ),
        pytest.param(
            "claude",
            json.dumps({"is_error": True}),
            PrintedReply(text=None, failed="it says that it failed"),
            id="failed-without-words",
        ),
        pytest.param(
            "gemini",
            json.dumps({"error": {"message": "quota"}}),
            PrintedReply(text=None, failed="quota"),
            id="failed-with-a-message",
        ),
    ],
)
def test_what_an_agent_prints_is_read(agent, printed, said):
    assert printed_reply(printed, AGENTS[agent].reply) == said


def test_a_text_is_taken_as_it_stands():
    assert printed_reply(" a\n\n", CommandReply()) == PrintedReply(text=" a\n\n")


def where(**paths):
    return CommandReply(form=CommandForm.JSON, **{"text": "t", **paths})


@pytest.mark.parametrize(
    "cost", ["0.1", True, None, [], -1, float("nan"), float("inf"), 1e305, 10**400]
)
def test_a_cost_that_is_no_amount_is_unknown_and_not_zero(cost):
    printed = json.dumps({"t": "x", "c": cost})
    assert printed_reply(printed, where(cost="c")).cost is None


def test_a_cost_of_zero_is_zero():
    assert printed_reply('{"t": "x", "c": 0}', where(cost="c")).cost == 0


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85"])
def test_a_line_ends_where_json_says(sign):
    form = CommandReply(form=CommandForm.JSONL, text="t")
    printed = json.dumps({"t": f"a{sign}b"}, ensure_ascii=False)
    assert printed_reply(f"{printed}\n", form).text == f"a{sign}b"


def test_half_of_a_character_can_be_written():
    assert printed_reply(r'{"t": "a\ud83d"}', where()).text == "a?"


def test_members_of_lists_are_found_and_told_apart():
    printed = json.dumps({"t": [{"k": "a", "v": "1"}, {"k": "b", "v": "2"}, 3]})
    assert printed_reply(printed, where(text="t.*[k=a].v")).text == "1"
    assert printed_reply(printed, where(text="t.k")).text is None
    assert printed_reply(printed, where(text="t.[.k")).text is None


@pytest.mark.parametrize("form", [CommandForm.JSON, CommandForm.JSONL])
@pytest.mark.parametrize("printed", ["{", "Welcome!\n{}", "[" * 100_000])
def test_what_is_not_the_form_is_an_error_and_not_a_reply(form, printed):
    with pytest.raises(ModelError, match="is not json") as refused:
        printed_reply(printed, CommandReply(form=form, text="t"))
    assert "command_reply" in refused.value.hint


@pytest.mark.parametrize(
    "text, good",
    [
        ("a", True),
        ("a.b.*.c", True),
        ("a + b.c", True),
        ("a[b=c.d].e", True),
        ("", False),
        ("a..b", False),
        ("a[b]", False),
        ("a +", False),
    ],
)
def test_what_is_a_path(text, good):
    assert is_path(text) is good
