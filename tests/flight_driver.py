"""Asks one request of a server on this machine, through the recorded replies.

    flight_driver.py ROOT URL

A program of its own, so that many of them are many processes. Prints ``ready``, waits
for a line, prints ``waiting`` if it has to wait for another one, and then the reply.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.request import Request as HttpRequest
from urllib.request import urlopen

from pdd_tasks.adapters.models.reply_cache import ReplyCache, Surroundings
from pdd_tasks.adapters.models.single_flight import SingleFlight
from pdd_tasks.core.model.settings import ModelSettings
from pdd_tasks.core.prompt.redact import Redactor
from pdd_tasks.core.prompt.request import Message, Reply, Request


REQUEST = Request(
    kind="generate",
    template="generate@1",
    endpoint="loopback",
    model="m",
    messages=(Message("user", "Add."),),
    max_tokens=100,
)


class Upstream:
    """Asks the server, without a library that takes seconds to load."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}/chat/completions"

    def complete(self, request: Request) -> Reply:
        """Return what the server answers."""
        messages = [{"role": m.role, "content": m.content} for m in request.messages]
        body = json.dumps({"model": request.model, "messages": messages}).encode()
        with urlopen(HttpRequest(self._url, body)) as answer:  # noqa: S310 - loopback
            value = json.load(answer)
        text = value["choices"][0]["message"]["content"]
        return Reply(text=text, model=value["model"], cost=7)


def say_and_sleep() -> Callable[[float], None]:
    """Return what waits, and says so the first time."""
    words = iter(["waiting"])

    def pause(seconds: float) -> None:
        for word in words:
            print(word, flush=True)  # noqa: T201 - the protocol
        time.sleep(seconds)

    return pause


def cache(root: Path, url: str) -> ReplyCache:
    """Return the recorded replies of a project, asked one at a time."""
    return ReplyCache(
        root,
        ModelSettings(),
        Upstream(url),
        Redactor.of({}),
        now=lambda: "2026-01-02T03:04:05Z",
        around=Surroundings(alone=SingleFlight(say_and_sleep())),
    )


if __name__ == "__main__":
    print("ready", flush=True)  # noqa: T201 - the protocol
    sys.stdin.readline()
    found = cache(Path(sys.argv[1]), sys.argv[2]).complete(REQUEST)
    print(json.dumps([found.text, found.cost]), flush=True)  # noqa: T201 - the protocol
