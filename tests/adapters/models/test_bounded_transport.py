"""Remote places that hang: nobody waits for them beyond the deadline."""

import socket
from contextlib import contextmanager
from threading import Event, Thread

import fsspec
import pytest
from fsspec.spec import AbstractFileSystem

from pdd_tasks.adapters.models.bounded_transport import BoundedTransport
from pdd_tasks.adapters.models.fsspec_transport import FsspecTransport
from pdd_tasks.adapters.models.http_transport import HttpTransport
from pdd_tasks.adapters.models.reply_entry import Entry
from pdd_tasks.adapters.models.reply_layer import RemoteLayer
from pdd_tasks.core.prompt.request import Reply, Request
from pdd_tasks.plugin.sharing import layers


SHORT_S = 0.1
LONG_S = 60.0
REQUEST = Request(
    kind="generate",
    template="generate@1",
    endpoint="e",
    model="e/m",
    messages=(),
    max_tokens=1,
)


class Place:
    """A place that answers only once it may."""

    def __init__(self, answer=b"found"):
        self.may, self.answer = Event(), answer
        self.fetched, self.stored, self.busy = [], [], Event()

    def fetch(self, place, limit):
        self.fetched.append((place, limit))
        self._wait()
        return self.answer

    def store(self, place, data):
        self.stored.append((place, data))
        self._wait()

    def _wait(self):
        self.busy.set()
        self.may.wait(LONG_S)
        if isinstance(self.answer, Exception):
            raise self.answer


class Hanging(AbstractFileSystem):  # type: ignore[misc]  # it brings no types
    """A place of fsspec's that never answers, from the first question on."""

    protocol = "hanging"
    ended = Event()

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.ended.wait(LONG_S)


@pytest.fixture
def place():
    found = Place()
    yield found
    found.may.set()


def test_what_answers_in_time_is_passed_on(place):
    place.may.set()
    bounded = BoundedTransport(place, LONG_S)
    assert bounded.fetch("a/b", 9) == b"found"
    bounded.store("a/b", b"new")
    assert (place.fetched, place.stored) == ([("a/b", 9)], [("a/b", b"new")])


def test_its_refusal_is_passed_on(place):
    place.may.set()
    place.answer = PermissionError("no entry")
    with pytest.raises(PermissionError, match="no entry"):
        BoundedTransport(place, LONG_S).fetch("a/b", 9)


@pytest.mark.parametrize("alone", [False, True])
def test_what_hangs_is_given_up_and_not_asked_again(place, alone):
    bounded = BoundedTransport(place, SHORT_S, alone=alone)
    with pytest.raises(TimeoutError, match=r"does not answer in 0\.1 s"):
        bounded.fetch("a/b", 9)
    with pytest.raises(TimeoutError):
        bounded.store("a/b", b"new")
    assert (len(place.fetched), place.stored) == (1, [])


def test_who_waits_behind_one_that_hangs_does_not_wait_for_long(place):
    bounded = BoundedTransport(place, 0.5, alone=True)
    late = []

    def fetch():
        try:
            bounded.fetch("a/b", 9)
        except TimeoutError as error:
            late.append(error)

    threads = [Thread(target=fetch) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5.0)  # a tenth of what twenty deadlines would take
    assert (len(late), len(place.fetched)) == (20, 1)


def test_a_layer_that_hangs_is_a_miss_and_said_once(place):
    said: list[str] = []
    bounded = BoundedTransport(place, SHORT_S)
    layer = RemoteLayer("far", bounded, said.append, writes=True)
    assert layer.get(REQUEST) is None
    assert layer.get(REQUEST) is None
    [line] = said
    assert "no shared replies from far: it does not answer in 0.1 s" in line
    assert line.endswith("going on without them")


def test_what_is_written_to_a_layer_that_hangs_is_left_and_said_once(place):
    said: list[str] = []
    layer = RemoteLayer(
        "far", BoundedTransport(place, SHORT_S), said.append, writes=True
    )
    entry = Entry(
        key=REQUEST.key,
        label="",
        recorded_at="",
        request={},
        reply=Reply(text="x", model="m"),
    )
    layer.put(REQUEST, entry)
    layer.put(REQUEST, entry)
    [line] = said
    assert "far keeps no replies: it does not answer in 0.1 s" in line
    assert line.endswith("going on without it")


@contextmanager
def dripping():
    """Serve headers that never end, a byte now and then."""
    over = Event()

    def drip(listener):
        peer, _ = listener.accept()
        with peer:
            peer.recv(1000)
            peer.sendall(b"HTTP/1.1 200 OK\r\nX-Drip: ")
            while not over.wait(0.01):
                peer.sendall(b"x")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=drip, args=(listener,))
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        over.set()
        thread.join()


def test_headers_that_drip_are_no_answer():
    with dripping() as url:
        bounded = BoundedTransport(HttpTransport(url), SHORT_S)
        with pytest.raises(TimeoutError):
            bounded.fetch("a/b", 9)


def test_a_place_of_fsspec_that_hangs_while_it_is_opened_is_given_up():
    fsspec.register_implementation("hanging", Hanging, clobber=True)
    try:
        transport = FsspecTransport("hanging://far")
        with pytest.raises(TimeoutError):
            BoundedTransport(transport, SHORT_S, alone=transport.alone).fetch("a", 9)
    finally:
        Hanging.ended.set()


@pytest.mark.parametrize(
    "url, alone",
    [
        ("file:///mnt/replies", True),
        ("http://127.0.0.1/x", False),
        ("simplecache::http://127.0.0.1/x", True),
    ],
)
def test_places_that_serve_many_threads_are_known(url, alone):
    assert FsspecTransport(url).alone is alone


@pytest.mark.parametrize("url", ["https://host/replies", "file:///mnt/replies"])
def test_every_remote_place_has_a_deadline(url):
    [layer] = layers(False, url, True, {}, print)  # noqa: FBT003 - settings
    assert isinstance(layer, RemoteLayer)
    assert isinstance(layer.transport, BoundedTransport)
