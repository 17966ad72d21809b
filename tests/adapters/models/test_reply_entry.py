"""The file of a recorded reply: what is in it, and what is none."""

import hashlib
import json
from dataclasses import replace

import pytest
from reply_values import (
    NOW,
    RECORD,
    REPLAY,
    REPLY,
    REQUEST,
    SECRET,
    Answers,
    cache,
    path_of,
    recorded,
)

from pdd_tasks.core.prompt.request import Message, Reply
from pdd_tasks.errors import (
    StateError,
)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("\n", id="one-newline"),
        pytest.param("a", id="no-final-newline"),
        pytest.param("a\n", id="final-newline"),
        pytest.param("a\r\nb\rc\n\n", id="every-line-end"),
        pytest.param("a\x0bb\x0cc\u2028d\x00e\x85f", id="what-splits-lines-elsewhere"),
        pytest.param('ü \U0001f600 \\n "q"', id="letters"),
    ],
)
def test_a_text_comes_back_exactly(tmp_path, text):
    recorded(tmp_path, reply=replace(REPLY, text=text))
    assert cache(tmp_path, settings=REPLAY).complete(REQUEST).text == text


def test_unknown_usage_and_cost_stay_unknown_on_disk(tmp_path):
    path = recorded(tmp_path, reply=Reply(text="x", model="m"))
    value = json.loads(path.read_bytes())
    assert value["cost"] is None
    assert value["usage"] == {"prompt_tokens": None, "completion_tokens": None}
    assert cache(tmp_path).complete(REQUEST).prompt_tokens is None


def test_parameters_that_were_not_sent_are_kept_where_there_are_any(tmp_path):
    reply = replace(REPLY, dropped=("temperature",))
    path = recorded(tmp_path, reply=reply)
    assert json.loads(path.read_bytes())["dropped"] == ["temperature"]
    assert cache(tmp_path, settings=REPLAY).complete(REQUEST).dropped == reply.dropped
    other = recorded(tmp_path / "other")
    assert "dropped" not in json.loads(other.read_bytes())


def test_the_file_of_an_entry(tmp_path):
    text = recorded(tmp_path, settings=RECORD).read_text(encoding="utf-8")
    value = json.loads(text)
    assert list(value) == sorted(value)
    assert text.endswith("\n}\n")
    assert value == {
        "schema": 1,
        "key": REQUEST.key,
        "label": "by hand",
        "model": "m-1",
        "recorded_at": NOW,
        "status": "ok",
        "because": "",
        "request": {
            "cache_schema": 1,
            "endpoint": "openai",
            "max_tokens": 100,
            "messages": [
                {"role": "system", "content": ["Rules.", ""]},
                {"role": "user", "content": ["Add two", "numbers ü"]},
            ],
            "model": "openai/m",
            "response_schema": "",
            "sample": 0,
            "temperature": 0.0,
            "template": "generate@1",
        },
        "reply": ["a", "", "  b\r", "\tü", ""],
        "usage": {"prompt_tokens": 7, "completion_tokens": 3},
        "cost": 42,
    }


def test_nothing_but_the_entry_is_left_in_the_folder(tmp_path):
    path = recorded(tmp_path)
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("text", [SECRET, f"<{SECRET}>\n{SECRET}"])
def test_a_secret_in_a_request_is_sent_and_keyed_but_not_written(tmp_path, text):
    request = replace(REQUEST, messages=(Message("user", text),))
    inner = Answers(REPLY)
    cache(tmp_path, inner).complete(request)
    assert inner.asked == [request]
    written = path_of(tmp_path, request).read_text(encoding="utf-8")
    assert SECRET not in written
    assert "[redacted:DB_PASSWORD]" in written
    assert cache(tmp_path, settings=REPLAY).complete(request).text == REPLY.text


def broken(value, **changes):
    return json.dumps({**json.loads(value), **changes}).encode()


def without(value, key):
    return json.dumps({k: v for k, v in json.loads(value).items() if k != key}).encode()


@pytest.mark.parametrize(
    "broken_by, said",
    [
        pytest.param(lambda _: b"", "is not JSON", id="empty"),
        pytest.param(lambda old: old[:80], "is not JSON", id="cut-off"),
        pytest.param(lambda _: b"\xff\xfe", "is not JSON", id="not-text"),
        pytest.param(lambda _: b"[" * 100_000, "is not JSON", id="too-deep"),
        pytest.param(lambda _: b"[]", "no object", id="no-object"),
        pytest.param(
            lambda old: b"<<<<<<< HEAD\n" + old, "merge conflict", id="conflict"
        ),
        pytest.param(
            lambda old: old + b"\n<<<<<<< HEAD\n", "merge conflict", id="conflict-below"
        ),
        pytest.param(lambda old: broken(old, schema=2), "newer", id="newer"),
        pytest.param(lambda old: broken(old, schema=0), "schema 0", id="older"),
        pytest.param(lambda old: broken(old, schema="1"), "schema '1'", id="no-number"),
        pytest.param(lambda old: without(old, "schema"), "schema None", id="no-schema"),
        pytest.param(lambda old: without(old, "reply"), "lacks 'reply'", id="no-reply"),
        pytest.param(lambda old: broken(old, reply="x"), "lines", id="reply-no-lines"),
        pytest.param(lambda old: broken(old, reply=[1]), "str", id="line-no-text"),
        pytest.param(lambda old: broken(old, model=1), "a text", id="model-no-text"),
        pytest.param(
            lambda old: broken(old, cost="1"), "a number", id="cost-no-number"
        ),
        pytest.param(lambda old: broken(old, usage=None), "recorded", id="no-usage"),
        pytest.param(lambda old: broken(old, status="fine"), "'fine'", id="status"),
        pytest.param(lambda old: broken(old, request=[]), "recorded", id="no-request"),
        pytest.param(lambda old: broken(old, key="0" * 64), "key", id="another-key"),
        pytest.param(
            lambda old: old.replace(b"Add two", b"Add three"),
            "does not belong",
            id="edited-request",
        ),
    ],
)
def test_what_is_not_a_sound_entry_is_refused_and_never_overwritten(
    tmp_path, broken_by, said
):
    path = recorded(tmp_path)
    path.write_bytes(broken_by(path.read_bytes()))
    before = path.read_bytes()
    inner = Answers(REPLY)
    with pytest.raises(StateError) as refused:
        cache(tmp_path, inner).complete(REQUEST)
    assert f".pdd/cache/generate/{REQUEST.key}.json" in refused.value.message
    assert said in refused.value.message
    assert "git checkout" in refused.value.hint
    assert (inner.asked, path.read_bytes()) == ([], before)


def test_an_entry_that_was_moved_to_another_name_is_refused(tmp_path):
    other = replace(REQUEST, sample=1)
    recorded(tmp_path).rename(path_of(tmp_path, other))
    with pytest.raises(StateError, match="named by another key"):
        cache(tmp_path).complete(other)


def test_the_key_is_the_hash_of_what_is_stored(tmp_path):
    value = json.loads(recorded(tmp_path).read_bytes())["request"]
    for message in value["messages"]:
        message["content"] = "\n".join(message["content"])
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == REQUEST.key
