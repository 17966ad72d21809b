"""A loopback model server: real HTTP, OpenAI-compatible, scripted answers.

Rule 1: it never leaves 127.0.0.1 and never sleeps; what hangs, hangs until the
server stops. Rule 2: a request the script does not foresee is answered by a 500, so
that a test cannot pass on an answer nobody wrote. As a program::

    python tests/model_server.py SCRIPT.json [LOG.jsonl]

prints ``listening URL`` and serves until it is ended. The script maps a substring of
the last user message, or the ordinal of the request from 0, to an answer: a text, an
object as `answer_of` takes it, or a list of these to be given in turn, the last one
again and again. Each request adds one JSON line to the log, ``SCRIPT.json.log`` if
not named.
"""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Say:
    """A complete answer; no usage is reported if `prompt_tokens` is None."""

    text: str | None
    prompt_tokens: int | None = 100
    completion_tokens: int = 50
    finish: str = "stop"
    refusal: str | None = None
    model: str = ""
    choices: int = 1


@dataclass(frozen=True, slots=True)
class Status:
    """An error status, with the headers that say when to come back."""

    code: int
    retry_after: str | float | None = None
    date: str = ""
    message: str = "scripted failure"
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Hang:
    """No answer at all before the server stops."""


@dataclass(frozen=True, slots=True)
class Truncated:
    """An answer cut off at the limit of tokens."""

    text: str


@dataclass(frozen=True, slots=True)
class BrokenJson:
    """Status 200 and a body that stops in the middle of its JSON."""


@dataclass(frozen=True, slots=True)
class EmptyBody:
    """Status 200 and no body."""


Body = dict[str, Any]
Answer = Say | Status | Hang | Truncated | BrokenJson | EmptyBody
Scripted = Answer | Callable[[Body], Answer]

OFF_SCRIPT = Status(500, message="the script has no answer for this request")


class ModelServer:
    """A server that gives scripted answers in order; a context manager.

    Attributes:
        url: The address to set as ``api_base``.
        requests: The received bodies, in order of arrival.
        authorizations: The received ``Authorization`` headers, in the same order.
    """

    def __init__(
        self,
        script: Sequence[Scripted] | Callable[[Body], Answer] = (),
        *,
        received: Callable[[Body], None] = lambda _: None,
    ) -> None:
        self.requests: list[Body] = []
        self.authorizations: list[str] = []
        self.stopped = Event()
        self._script = script
        self._received = received
        self._lock = Lock()
        self._http = _Http(self)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def __enter__(self) -> Self:
        Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self._http.shutdown()
        self._http.server_close()

    def serve(self) -> None:
        """Serve in this thread until the process ends."""
        self._http.serve_forever()

    def answer(self, body: Body, authorization: str) -> Answer:
        """Return the next answer and keep what was asked."""
        with self._lock:
            ordinal = len(self.requests)
            self.requests.append(body)
            self.authorizations.append(authorization)
            self._received(body)
            if callable(self._script):
                return self._script(body)
        if ordinal >= len(self._script):
            return OFF_SCRIPT
        found = self._script[ordinal]
        return found(body) if callable(found) else found


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # many ask at the same moment; five may wait by default

    def __init__(self, owner: ModelServer) -> None:
        handler = type("Handler", (_Handler,), {"owner": owner})
        super().__init__(("127.0.0.1", 0), handler)

    def server_bind(self) -> None:
        """Bind without asking a name server for our own name."""
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    owner: ModelServer

    def do_POST(self) -> None:
        """Answer one completion request."""
        data = self.rfile.read(int(self.headers.get("content-length", "0")))
        body = json.loads(data)
        answer = self.owner.answer(body, self.headers.get("authorization", ""))
        self.close_connection = True
        if isinstance(answer, Hang):
            self.owner.stopped.wait()
            return
        with suppress(ConnectionError):  # the client may have given up
            self._send(answer, body)

    def log_message(self, *_: object) -> None:
        """Say nothing: a test's output belongs to the test."""

    def _send(self, answer: Answer, body: Body) -> None:
        code, headers, payload = _response(answer, body)
        self.send_response_only(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(payload)))
        self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(payload)


def _response(answer: Answer, body: Body) -> tuple[int, Mapping[str, str], bytes]:
    match answer:
        case Say():
            return 200, {}, _completion(answer, body)
        case Truncated(text):
            return 200, {}, _completion(Say(text, finish="length"), body)
        case BrokenJson():
            return 200, {}, _completion(Say("half"), body)[:60]
        case EmptyBody() | Hang():
            return 200, {}, b""
        case Status():
            return answer.code, _headers(answer), _error(answer)


def _completion(say: Say, body: Body) -> bytes:
    message = {"role": "assistant", "content": say.text}
    if say.refusal is not None:
        message["refusal"] = say.refusal
    choice = {"index": 0, "message": message, "finish_reason": say.finish}
    value: Body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": say.model or body["model"],
        "choices": [choice] * say.choices,
    }
    if say.prompt_tokens is not None:
        value["usage"] = {
            "prompt_tokens": say.prompt_tokens,
            "completion_tokens": say.completion_tokens,
            "total_tokens": say.prompt_tokens + say.completion_tokens,
        }
    return json.dumps(value).encode()


def _headers(status: Status) -> dict[str, str]:
    headers = {"date": status.date} if status.date else {}
    if status.retry_after is not None:
        headers["retry-after"] = str(status.retry_after)
    return headers


def _error(status: Status) -> bytes:
    error = {"message": status.message, "type": status.kind, "code": status.kind}
    return json.dumps({"error": error}).encode()


_FORMS: Mapping[str, Callable[..., Answer]] = {
    "say": Say,
    "status": Status,
    "truncated": Truncated,
    "hang": lambda _: Hang(),
    "broken_json": lambda _: BrokenJson(),
    "empty_body": lambda _: EmptyBody(),
}


def answer_of(value: Any) -> Answer:
    """Return the answer that a script's JSON value stands for.

    A text is said. An object is one of ``{"say": text, …}``, ``{"status": 429,
    "retry_after": 2}``, ``{"truncated": text}``, ``{"hang": true}``,
    ``{"broken_json": true}`` and ``{"empty_body": true}``; what follows the first
    member is fields of `Say` and `Status`.
    """
    if isinstance(value, str):
        return Say(value)
    (form, first), *fields = value.items()
    return _FORMS[form](first, **dict(fields))


class Script:
    """Answers looked up by the ordinal of a request, else by what it asks."""

    def __init__(self, script: Mapping[str, object]) -> None:
        self._answers = {
            word: [
                answer_of(v) for v in (value if isinstance(value, list) else [value])
            ]
            for word, value in script.items()
        }
        self._count = 0

    def __call__(self, body: Body) -> Answer:
        ordinal, self._count = self._count, self._count + 1
        asked = last_user_message(body)
        for word, answers in self._answers.items():
            if word == str(ordinal) or (not word.isdigit() and word in asked):
                return answers.pop(0) if len(answers) > 1 else answers[0]
        return OFF_SCRIPT


def last_user_message(body: Body) -> str:
    """Return the text of the last message that the user role sent."""
    for message in reversed(body["messages"]):
        if message["role"] == "user":
            content = message["content"]
            return content if isinstance(content, str) else json.dumps(content)
    return ""


def main(script: Path, log: Path) -> None:
    """Serve a script until the process is ended."""

    def logged(body: Body) -> None:
        with log.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(body, sort_keys=True) + "\n")

    answers = Script(json.loads(script.read_text(encoding="utf-8")))
    server = ModelServer(answers, received=logged)
    print(f"listening {server.url}", flush=True)  # noqa: T201 - the protocol
    server.serve()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2] if sys.argv[2:] else sys.argv[1] + ".log"))
