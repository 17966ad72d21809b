"""A replay that misses a reply: what it says."""

from dataclasses import replace

import pytest
from reply_values import (
    RECORD,
    REPLAY,
    REQUEST,
    SECRET,
    Answers,
    cache,
    recorded,
)

from pdd_tasks.core.prompt.request import Message
from pdd_tasks.errors import ReplayMissError


def missed(root, request=REQUEST, settings=REPLAY):
    inner = Answers()
    with pytest.raises(ReplayMissError) as refused:
        cache(root, inner, settings).complete(request)
    assert inner.asked == []
    return refused.value


def test_a_miss_names_kind_and_key_and_the_way_to_go_live(tmp_path):
    miss = missed(tmp_path)
    assert miss.message == (
        f"nothing is recorded for this generate request (key {REQUEST.key[:12]});"
        " .pdd/cache/generate holds no recording"
    )
    assert miss.hint == (
        "ask a model: doit sync:NAME replies=live model=provider/name,"
        " with the provider's key set (this request is for openai/m)"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "settings, end",
    [
        pytest.param(
            replace(REPLAY, model="anthropic/c"),
            "with the provider's key set (this request is for anthropic/c)",
            id="provider",
        ),
        pytest.param(
            replace(REPLAY, api_base="http://127.0.0.1:1/v1"),
            "replies=live model=openai/m",
            id="own-server",
        ),
    ],
)
def test_a_miss_says_what_a_live_call_needs(tmp_path, settings, end):
    assert missed(tmp_path, settings=settings).hint.endswith(end)


def test_a_miss_without_any_model_says_what_to_name(tmp_path):
    miss = missed(tmp_path, replace(REQUEST, model=""), replace(REPLAY, model=""))
    assert miss.hint.endswith("model=provider/name, with the provider's key set")


def test_a_miss_shows_how_it_differs_from_the_nearest_recording(tmp_path):
    far = replace(REQUEST, messages=(Message("user", "Something else"),))
    recorded(tmp_path, far)
    recorded(tmp_path, settings=RECORD)
    asked = replace(
        REQUEST,
        max_tokens=200,
        messages=(
            REQUEST.messages[0],
            Message("user", f"Add three\nnumbers ü{SECRET}"),
        ),
    )
    message = missed(tmp_path, asked).message
    assert f"the nearest recording, {REQUEST.key[:12]} (by hand), differs:" in message
    assert "    -max_tokens: 100\n    +max_tokens: 200\n" in message
    assert "    -Add two\n" in message
    assert "    +numbers ü[redacted:DB_PASSWORD]" in message


def test_recordings_that_cannot_be_read_do_not_hide_a_miss(tmp_path):
    path = recorded(tmp_path)
    path.write_bytes(b"{")
    assert "holds no recording" in missed(tmp_path, replace(REQUEST, sample=1)).message


def test_a_long_difference_is_cut(tmp_path):
    recorded(tmp_path)
    text = "\n".join("word " * 100 for _ in range(100))
    lines = missed(
        tmp_path, replace(REQUEST, messages=(Message("user", text),))
    ).message.splitlines()
    assert lines[-1].strip() == "…"
    assert len(lines) == 22
    assert max(map(len, lines)) <= 130
