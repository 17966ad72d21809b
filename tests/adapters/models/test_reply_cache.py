"""Replies that are paid for once, and what stands in the way."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from reply_values import (
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

from pdd_tasks.engine.ports import Model
from pdd_tasks.errors import ConfigError, PddError, TruncatedError


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


def test_a_labelled_recording_says_so_when_replayed(tmp_path):
    recorded(tmp_path, settings=RECORD)
    assert cache(tmp_path, settings=REPLAY).complete(REQUEST).recorded == "by hand"


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
