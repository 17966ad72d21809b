import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from pdd_tasks.adapters.models.reply_cache import ReplyCache
from pdd_tasks.core.model.settings import ModelSettings, Replies
from pdd_tasks.core.prompt.redact import Redactor
from pdd_tasks.core.prompt.request import Message, Reply, Request
from pdd_tasks.engine.ports import Model
from pdd_tasks.errors import (
    ConfigError,
    PddError,
    ReplayMissError,
    StateError,
    TruncatedError,
)


SECRET = "hunter2-and-more"  # noqa: S105 - nobody's
REDACTOR = Redactor.of({"DB_PASSWORD": SECRET})
NOW = "2026-01-02T03:04:05Z"
LIVE = ModelSettings(model="openai/m")
RECORD = replace(LIVE, replies=Replies.RECORD, label="by hand")
REPLAY = replace(LIVE, replies=Replies.REPLAY)
REQUEST = Request(
    kind="generate",
    template="generate@1",
    endpoint="openai",
    model="openai/m",
    messages=(Message("system", "Rules.\n"), Message("user", "Add two\nnumbers ü")),
    max_tokens=100,
)
REPLY = Reply(
    text="a\n\n  b\r\n\tü\n", model="m-1", prompt_tokens=7, completion_tokens=3, cost=42
)


class Answers:
    """A model that answers in order and counts; raises what is an error."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def complete(self, request):
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def cache(root, inner=None, settings=LIVE):
    return ReplyCache(root, settings, inner or Answers(), REDACTOR, now=lambda: NOW)


def path_of(root, request=REQUEST):
    return root / ".pdd/cache" / request.kind / f"{request.key}.json"


def recorded(root, request=REQUEST, reply=REPLY, settings=LIVE):
    cache(root, Answers(reply), settings).complete(request)
    return path_of(root, request)


def test_it_is_the_model_that_the_engine_asks_for(tmp_path):
    model: Model = cache(tmp_path, Answers(REPLY))
    assert model.complete(REQUEST) == REPLY


def test_a_reply_is_asked_for_once_and_then_free(tmp_path):
    inner = Answers(REPLY)
    assert cache(tmp_path, inner).complete(REQUEST).cost == 42
    again = cache(tmp_path, inner).complete(REQUEST)
    assert again == replace(REPLY, cost=0, recorded="recorded")
    assert len(inner.asked) == 1


def test_a_reply_says_under_which_key_it_is_recorded(tmp_path):
    inner = Answers(REPLY)
    for _ in range(2):
        assert cache(tmp_path, inner).complete(REQUEST).key == REQUEST.key


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


def test_a_labelled_recording_says_so_when_replayed(tmp_path):
    recorded(tmp_path, settings=RECORD)
    assert cache(tmp_path, settings=REPLAY).complete(REQUEST).recorded == "by hand"


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


def test_a_failed_request_leaves_no_record(tmp_path):
    inner = Answers(TruncatedError("cut off"), REPLY)
    with pytest.raises(TruncatedError):
        cache(tmp_path, inner).complete(REQUEST)
    assert not path_of(tmp_path).exists()
    assert cache(tmp_path, inner).complete(REQUEST) == REPLY


def test_recording_without_a_label_is_refused(tmp_path):
    with pytest.raises(ConfigError) as refused:
        cache(tmp_path, settings=replace(RECORD, label=""))
    assert "label=" in refused.value.hint


def test_a_place_that_cannot_be_made_is_refused_before_anything_is_paid(tmp_path):
    (tmp_path / ".pdd").write_text("a file stands here")
    inner = Answers(REPLY)
    with pytest.raises(PddError):
        cache(tmp_path, inner).complete(REQUEST)
    assert inner.asked == []


def test_the_first_writer_wins_and_all_get_its_reply(tmp_path):
    together = Barrier(4)

    class Slow(Answers):
        def complete(self, request):
            together.wait(timeout=30)
            return super().complete(request)

    inner = Slow(*(replace(REPLY, text=f"{n}", cost=n) for n in range(4)))
    model = cache(tmp_path, inner)
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(model.complete, [REQUEST] * 4))
    kept = cache(tmp_path, settings=REPLAY).complete(REQUEST).text
    assert {reply.text for reply in replies} == {kept}
    assert sorted(reply.cost or 0 for reply in replies) == [0, 1, 2, 3]
    assert len(list(path_of(tmp_path).parent.iterdir())) == 1


def test_a_rejected_reply_is_marked_and_still_returned(tmp_path):
    path = recorded(tmp_path)
    cache(tmp_path).reject(REQUEST, f"prose, and {SECRET}")
    value = json.loads(path.read_bytes())
    assert value["status"] == "rejected"
    assert value["because"] == "prose, and [redacted:DB_PASSWORD]"
    assert cache(tmp_path, settings=REPLAY).complete(REQUEST).text == REPLY.text


def test_a_reason_that_nobody_gave_is_still_a_rejection(tmp_path):
    path = recorded(tmp_path)
    cache(tmp_path).reject(REQUEST, "")
    assert json.loads(path.read_bytes())["because"] == "not said"


def test_rejecting_twice_changes_nothing_more(tmp_path):
    path = recorded(tmp_path)
    cache(tmp_path).reject(REQUEST, "first")
    before = path.read_bytes()
    cache(tmp_path).reject(REQUEST, "second")
    assert path.read_bytes() == before


def test_a_replay_writes_nothing_even_if_it_rejects(tmp_path):
    path = recorded(tmp_path)
    before = path.read_bytes()
    cache(tmp_path, settings=REPLAY).reject(REQUEST, "prose")
    assert path.read_bytes() == before


def test_rejecting_what_is_not_recorded_writes_nothing(tmp_path):
    cache(tmp_path).reject(REQUEST, "prose")
    assert list(tmp_path.iterdir()) == []


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


def test_a_long_difference_is_cut(tmp_path):
    recorded(tmp_path)
    text = "\n".join("word " * 100 for _ in range(100))
    lines = missed(
        tmp_path, replace(REQUEST, messages=(Message("user", text),))
    ).message.splitlines()
    assert lines[-1].strip() == "…"
    assert len(lines) == 22
    assert max(map(len, lines)) <= 130


def test_recordings_that_cannot_be_read_do_not_hide_a_miss(tmp_path):
    path = recorded(tmp_path)
    path.write_bytes(b"{")
    assert "holds no recording" in missed(tmp_path, replace(REQUEST, sample=1)).message
