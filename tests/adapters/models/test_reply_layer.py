"""Shared replies: folders, and a real server on this machine."""

import json
import socket
from dataclasses import replace
from threading import Thread

import pytest
from reply_store import ReplyStore
from reply_values import REDACTOR, REPLY, REQUEST, SECRET, Answers

from pdd_tasks.adapters.models.fsspec_transport import FsspecTransport
from pdd_tasks.adapters.models.http_transport import HttpTransport
from pdd_tasks.adapters.models.reply_cache import Lookup, ReplyCache, Surroundings
from pdd_tasks.adapters.models.reply_layer import (
    LARGEST,
    RemoteLayer,
    UserLayer,
    place_of,
    user_folder,
)
from pdd_tasks.core.model.settings import CacheWrite, ModelSettings, Replies
from pdd_tasks.core.prompt.request import Message
from pdd_tasks.errors import ConfigError, ReplayMissError
from pdd_tasks.plugin.sharing import is_written


SECRETIVE = replace(REQUEST, messages=(Message("user", f"use {SECRET} here"),))


class Machine:
    """One machine: a project, perhaps a user's folder, perhaps the remote place."""

    def __init__(self, root, *layers, replies=Replies.LIVE):
        self.root = root
        self.said: list[str] = []
        self.seen: list[Lookup] = []
        self.inner = Answers(REPLY, replace(REPLY, text="second", cost=1))
        self.cache = ReplyCache(
            root,
            ModelSettings(replies=replies),
            self.inner,
            REDACTOR,
            now=lambda: "2026-01-02T03:04:05Z",
            around=Surroundings(
                layers=layers, announce=self.said.append, note=self.seen.append
            ),
        )

    def ask(self, request=REQUEST):
        return self.cache.complete(request)


def remote(store, said, *, writes=False, token=""):
    transport = HttpTransport(store.url, token)
    return RemoteLayer(store.url, transport, said.append, writes=writes)


def published(store, request=REQUEST, reply=REPLY):
    """Put the reply to a request into the store, as CI does."""
    said: list[str] = []
    root = store.folder / f"ci-{len(store.files)}"
    writer = Machine(root, remote(store, said, writes=True))
    writer.inner.answers = [reply]
    writer.ask(request)
    assert said == writer.said == []


@pytest.fixture
def store(tmp_path):
    with ReplyStore(tmp_path / "machines") as found:
        yield found


def test_what_one_machine_paid_for_another_one_reads(tmp_path, store):
    published(store)
    said: list[str] = []
    reader = Machine(tmp_path, remote(store, said))
    reply = reader.ask()
    assert (reply.text, reply.cost, reply.recorded) == (REPLY.text, 0, "recorded")
    assert (reader.inner.asked, said) == ([], [])
    assert [(one.found, one.saved) for one in reader.seen] == [("shared", 42)]


def test_what_was_read_lies_in_the_project_and_is_not_fetched_again(tmp_path, store):
    published(store)
    reader = Machine(tmp_path, remote(store, []))
    reader.ask()
    requests = len(store.requests)
    assert reader.ask().cost == 0
    assert len(store.requests) == requests
    path = tmp_path / ".pdd/cache" / place_of(REQUEST)
    assert path.read_bytes() == store.files[f"/replies/{place_of(REQUEST)}"]


def test_people_read_and_do_not_write(tmp_path, store):
    reader = Machine(tmp_path, remote(store, []))
    reader.ask()
    assert store.methods() == ["GET"]
    assert store.files == {}


def test_a_replay_reads_what_is_shared_and_writes_nothing(tmp_path, store):
    published(store)
    reader = Machine(tmp_path, remote(store, []), replies=Replies.REPLAY)
    assert reader.ask().text == REPLY.text
    assert list(tmp_path.iterdir()) == [store.folder]
    with pytest.raises(ReplayMissError):
        reader.ask(replace(REQUEST, sample=1))


def test_a_refresh_reads_nothing_and_replaces_what_is_shared(tmp_path, store):
    published(store)
    writer = Machine(tmp_path, remote(store, [], writes=True), replies=Replies.REFRESH)
    store.requests.clear()
    writer.inner.answers = [replace(REPLY, text="fresh")]
    assert writer.ask().text == "fresh"
    assert store.methods() == ["PUT"]
    assert Machine(tmp_path / "b", remote(store, [])).ask().text == "fresh"


def test_a_refresh_replaces_what_is_recorded(tmp_path):
    Machine(tmp_path).ask()
    anew = Machine(tmp_path, replies=Replies.REFRESH)
    anew.inner.answers = [replace(REPLY, text="fresh", cost=5)]
    assert anew.ask().cost == 5
    assert Machine(tmp_path, replies=Replies.REPLAY).ask().text == "fresh"


def test_the_user_s_folder_is_nearer_than_the_remote_place(tmp_path, store):
    published(store)
    user = UserLayer(tmp_path / "user", print)
    Machine(tmp_path / "a", user, remote(store, [])).ask()
    store.requests.clear()
    again = Machine(tmp_path / "b", user, remote(store, []))
    assert again.ask().text == REPLY.text
    assert (store.requests, again.inner.asked) == ([], [])


def test_a_reply_asked_live_is_the_user_s_for_other_projects(tmp_path):
    user = UserLayer(tmp_path / "user", print)
    Machine(tmp_path / "a", user).ask()
    other = Machine(tmp_path / "b", user)
    assert (other.ask().text, other.inner.asked) == (REPLY.text, [])


def test_a_secret_leaves_neither_with_a_request_nor_with_a_reply(tmp_path, store):
    user = UserLayer(tmp_path / "user", print)
    writer = Machine(tmp_path / "a", user, remote(store, [], writes=True))
    writer.ask(SECRETIVE)
    kept = [p.read_bytes() for p in (tmp_path / "user").rglob("*.json")]
    assert len(kept) == len(store.files) == 1
    assert SECRET.encode() not in b"".join([*kept, *store.files.values()])
    reader = Machine(tmp_path / "b", remote(store, []))
    assert (reader.ask(SECRETIVE).text, reader.inner.asked) == (REPLY.text, [])


def edited(data, **changes):
    return json.dumps({**json.loads(data), **changes}).encode()


def other_question(data):
    value = json.loads(data)
    text = "use [redacted:DB_PASSWORD] elsewhere"
    value["request"]["messages"][0]["content"] = [text]
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    "request_, spoil, why",
    [
        pytest.param(REQUEST, lambda _: b"", "is not JSON", id="empty"),
        pytest.param(REQUEST, lambda _: b"<html>sign in</html>", "JSON", id="page"),
        pytest.param(REQUEST, lambda old: old[:90], "JSON", id="cut-off"),
        pytest.param(
            REQUEST, lambda old: b"<<<<<<< a\n" + old, "conflict", id="conflict"
        ),
        pytest.param(REQUEST, lambda old: edited(old, schema=9), "newer", id="newer"),
        pytest.param(REQUEST, lambda old: edited(old, key="0" * 64), "key", id="key"),
        pytest.param(
            REQUEST,
            lambda old: old.replace(b"Add two", b"Add six"),
            "does not belong",
            id="another-request",
        ),
        pytest.param(
            REQUEST,
            lambda old: edited(old, reply=["\ud800"]),
            "half of a character",
            id="half-a-character",
        ),
        pytest.param(
            REQUEST,
            lambda old: edited(old, label="\ud800"),
            "half of a character",
            id="half-a-character-in-its-label",
        ),
        pytest.param(SECRETIVE, other_question, "another request", id="redacted"),
        pytest.param(
            REQUEST, lambda _: b" " * (LARGEST + 1), "too large", id="oversized"
        ),
    ],
)
def test_what_is_not_the_reply_is_a_miss_and_said(
    tmp_path, store, request_, spoil, why
):
    published(store, request_)
    name = f"/replies/{place_of(request_)}"
    store.files[name] = spoil(store.files[name])
    said: list[str] = []
    reader = Machine(tmp_path, remote(store, said))
    assert reader.ask(request_).cost == REPLY.cost
    assert len(reader.inner.asked) == 1
    assert len(said) == 1
    assert place_of(request_) in said[0]
    assert why in said[0]


@pytest.mark.parametrize(
    "code, headers, why",
    [
        (500, {}, "it answers 500"),
        (401, {}, "it answers 401"),
        (302, {"Location": "http://127.0.0.1:9/elsewhere"}, "it answers 302"),
    ],
)
def test_a_place_that_does_not_answer_well_is_asked_once(
    tmp_path, store, code, headers, why
):
    store.answers["GET"] = (code, headers)
    said: list[str] = []
    reader = Machine(tmp_path, remote(store, said, writes=True))
    reader.ask()
    reader.ask(replace(REQUEST, sample=1))
    assert store.methods() == ["GET"]
    assert len(said) == 1
    assert why in said[0]


def test_a_place_that_is_down_costs_one_line(tmp_path):
    said: list[str] = []
    with socket.socket() as unheard:  # bound, and nobody listens
        unheard.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unheard.getsockname()[1]}"
        layer = RemoteLayer(url, HttpTransport(url), said.append, writes=False)
        reader = Machine(tmp_path, layer)
        reader.ask()
        reader.ask(replace(REQUEST, sample=1))
    assert len(said) == 1
    assert url in said[0]


def test_a_place_that_speaks_something_else_is_left_alone(tmp_path):
    def greet(listener):
        peer, _ = listener.accept()
        with peer:
            peer.recv(100)
            peer.sendall(b"220 mail.example ready\r\n")

    said: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=greet, args=(listener,))
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        layer = RemoteLayer(url, HttpTransport(url), said.append, writes=False)
        assert Machine(tmp_path, layer).ask() == REPLY
        thread.join()
    assert "does not speak HTTP" in said[0]


def test_a_place_that_refuses_to_be_written_is_still_read(tmp_path, store):
    published(store)
    store.answers["PUT"] = (403, {})
    said: list[str] = []
    writer = Machine(tmp_path, remote(store, said, writes=True))
    writer.ask(replace(REQUEST, sample=1))
    writer.ask(replace(REQUEST, sample=2))
    assert writer.ask().text == REPLY.text
    assert len(said) == 1
    assert "it answers 403" in said[0]
    assert store.methods()[-4:] == ["GET", "PUT", "GET", "GET"]


def test_a_token_is_sent_where_there_is_one(tmp_path, store):
    Machine(tmp_path, remote(store, [], writes=True, token="t-1")).ask()  # noqa: S106 - nobody's
    assert store.tokens == ["Bearer t-1"] * 2
    Machine(tmp_path / "b", remote(store, [])).ask()
    assert store.tokens[-1] is None


def test_any_place_of_fsspec_serves(tmp_path):
    url = f"file://{tmp_path / 'shared'}"
    said: list[str] = []
    layer = RemoteLayer(url, FsspecTransport(url), said.append, writes=True)
    Machine(tmp_path / "a", layer).ask()
    other = Machine(tmp_path / "b", layer)
    assert (other.ask().text, other.inner.asked, said) == (REPLY.text, [], [])


def test_a_place_that_fsspec_does_not_know_is_a_configuration_error():
    with pytest.raises(ConfigError) as refused:
        FsspecTransport("nonsense://x")
    assert "pdd-tasks[remote]" in refused.value.hint


@pytest.mark.parametrize(
    "url, token",
    [
        pytest.param("http://127.0.0.1:9/x", "a-token\n", id="token"),
        pytest.param("https://[bad/x", "", id="brackets"),
        pytest.param("https://.a.b/x", "", id="name"),
    ],
)
def test_what_cannot_be_asked_is_said_without_the_token_and_no_error(
    tmp_path, url, token
):
    said: list[str] = []
    layer = RemoteLayer(url, HttpTransport(url, token), said.append, writes=False)
    assert Machine(tmp_path, layer).ask() == REPLY
    assert len(said) == 1
    assert "a-token" not in said[0]


def test_a_place_of_fsspec_that_is_down_is_said_and_no_error(tmp_path):
    url = "ftp://127.0.0.1:1/x"
    said: list[str] = []
    layer = RemoteLayer(url, FsspecTransport(url), said.append, writes=True)
    assert Machine(tmp_path, layer).ask() == REPLY
    assert len(said) == 1


@pytest.mark.parametrize(
    "variables, written",
    [
        pytest.param({"CI": "1"}, True, id="ci"),
        pytest.param({}, False, id="person"),
        pytest.param({"CI": "1", "GITHUB_EVENT_NAME": "push"}, True, id="push"),
        pytest.param(
            {"CI": "1", "GITHUB_EVENT_NAME": "pull_request_target"}, False, id="github"
        ),
        pytest.param({"CI": "1", "CI_MERGE_REQUEST_IID": "7"}, False, id="gitlab"),
        pytest.param({"CI": "1", "TRAVIS_PULL_REQUEST": "false"}, True, id="travis"),
        pytest.param({"CI": "1", "CIRCLE_PULL_REQUEST": "u"}, False, id="circle"),
    ],
)
def test_ci_writes_unless_it_runs_for_a_pull_request(variables, written):
    assert is_written(CacheWrite.AUTO, variables) is written


def test_a_folder_that_cannot_be_written_is_said_and_no_error(tmp_path):
    (tmp_path / "user").write_text("a file")
    said: list[str] = []
    machine = Machine(tmp_path / "a", UserLayer(tmp_path / "user", said.append))
    assert machine.ask() == REPLY
    assert len(said) == 1
    assert str(tmp_path / "user") in said[0]


def test_where_the_user_s_replies_lie(tmp_path):
    found = user_folder({"XDG_CACHE_HOME": str(tmp_path)})
    assert found == tmp_path / "pdd-tasks/replies"
    home = user_folder({"XDG_CACHE_HOME": "relative"})
    assert home is not None
    assert home.parts[-3:] == (".cache", "pdd-tasks", "replies")
