"""A loopback store of files over HTTP, GET and PUT, for tests of shared replies."""

from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Self


class ReplyStore:
    """A server that keeps what is put; a context manager.

    Attributes:
        folder: A folder for those who fill it.
        url: Its address.
        files: Path → bytes, as put, or as a test put them there.
        requests: Method and path of each request, in order.
        tokens: The ``Authorization`` headers, in the same order.
        answers: Method → what is answered instead: a status, and headers.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[str, bytes] = {}
        self.requests: list[tuple[str, str]] = []
        self.tokens: list[str | None] = []
        self.answers: dict[str, tuple[int, Mapping[str, str]]] = {}
        handler = type("Handler", (_Handler,), {"owner": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/replies"

    def __enter__(self) -> Self:
        Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def methods(self) -> list[str]:
        """Return the methods of all requests."""
        return [method for method, _ in self.requests]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    owner: ReplyStore

    def do_GET(self) -> None:
        """Answer with a file."""
        self._begin()
        if not self._is_answered():
            data = self.owner.files.get(self.path)
            self._send(404 if data is None else 200, data or b"")

    def do_PUT(self) -> None:
        """Keep a file."""
        data = self.rfile.read(int(self.headers.get("content-length", "0")))
        self._begin()
        if not self._is_answered():
            self.owner.files[self.path] = data
            self._send(201, b"")

    def log_message(self, *_: object) -> None:
        """Say nothing: a test's output belongs to the test."""

    def _begin(self) -> None:
        self.owner.requests.append((self.command, self.path))
        self.owner.tokens.append(self.headers.get("authorization"))

    def _is_answered(self) -> bool:
        code, headers = self.owner.answers.get(self.command, (0, {}))
        if code:
            self._send(code, b"", headers)
        return bool(code)

    def _send(
        self, code: int, data: bytes, headers: Mapping[str, str] | None = None
    ) -> None:
        self.close_connection = True
        self.send_response_only(code)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(data)))
        self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(data)
