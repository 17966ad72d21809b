"""One request asked by many at once: real processes and threads, one real server."""

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice
from pathlib import Path
from threading import Event

import flight_driver
import pytest
from flight_driver import REQUEST, cache
from model_server import Hang, ModelServer, Say

from pdd_tasks.adapters.models.single_flight import SingleFlight


TESTS = Path(__file__).parents[2]
KEY = "a" * 64


def started(root, url, number):
    """Return processes that ask when they are told, and not before."""
    found = [
        subprocess.Popen(
            [sys.executable, flight_driver.__file__, root, url],
            env=os.environ | {"PYTHONPATH": str(TESTS)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(number)
    ]
    for one in found:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    return found


def go(process):
    process.stdin.write("go\n")
    process.stdin.flush()


def said(process, read=""):
    """Return the reply that a process prints last; some of it may be read already."""
    out, _ = process.communicate(timeout=60)
    return json.loads(f"{read}{out}".splitlines()[-1])


def test_sixteen_processes_ask_one_request_once(tmp_path):
    all_are_here = Event()

    def slow(body):
        all_are_here.wait(60)
        return Say(body["messages"][0]["content"])

    with ModelServer(slow) as server, ThreadPoolExecutor(16) as pool:
        processes = started(tmp_path, server.url, 16)
        for one in processes:
            go(one)
        first = [pool.submit(one.stdout.readline) for one in processes]
        waiting = [one.result() for one in islice(as_completed(first), 15)]
        all_are_here.set()
        lines = [one.result() for one in first]
        replies = [said(one, line) for one, line in zip(processes, lines, strict=True)]

    assert waiting == ["waiting\n"] * 15
    assert len(server.requests) == 1
    assert [text for text, _ in replies] == ["Add."] * 16
    assert sorted(cost for _, cost in replies) == [0] * 15 + [7]
    folder = tmp_path / ".pdd/cache/generate"
    assert [p.name for p in folder.iterdir()] == [f"{REQUEST.key}.json"]


def test_threads_of_one_process_ask_once(tmp_path):
    with ModelServer([Say("x")]) as server:
        model = cache(tmp_path, server.url)
        with ThreadPoolExecutor(8) as pool:
            replies = list(pool.map(model.complete, [REQUEST] * 8))
    assert len(server.requests) == 1
    assert {reply.text for reply in replies} == {"x"}


def test_one_that_is_killed_while_it_asks_holds_nobody_up(tmp_path):
    arrived = Event()
    answers = iter([Hang(), Say("x")])

    def answer(_):
        arrived.set()
        return next(answers)

    with ModelServer(answer) as server:
        leader, follower = started(tmp_path, server.url, 2)
        go(leader)
        assert arrived.wait(30)
        go(follower)
        leader.kill()
        leader.communicate()
        assert said(follower) == ["x", 7]
    assert len(server.requests) == 2


def test_one_that_fails_lets_the_next_one_ask(tmp_path):
    flight = SingleFlight(time.sleep)
    with pytest.raises(ZeroDivisionError), flight(tmp_path, KEY):
        1 / 0  # noqa: B018 - anything that goes wrong
    with flight(tmp_path, KEY):
        assert len(list(tmp_path.iterdir())) == 1
    assert list(tmp_path.iterdir()) == []


def test_whoever_waits_tells_so_and_other_keys_do_not_wait(tmp_path):
    waits = []
    first = SingleFlight(time.sleep)(tmp_path, KEY)
    first.__enter__()

    def pause(seconds):
        waits.append(seconds)
        if len(waits) == 8:
            first.__exit__(None, None, None)

    with SingleFlight(waits.append)(tmp_path, "b" * 64):
        assert waits == []
    with SingleFlight(pause)(tmp_path, KEY):
        assert waits == [0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.2, 0.2]


def test_where_no_file_can_be_locked_everybody_asks(tmp_path):
    missing = tmp_path / "gone"
    with SingleFlight(time.sleep)(missing, KEY), SingleFlight(time.sleep)(missing, KEY):
        assert not missing.exists()
