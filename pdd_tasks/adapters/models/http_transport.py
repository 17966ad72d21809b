"""Replies over plain HTTP: GET and PUT by name, as build caches speak it.

Rule 1: no redirection is followed, so that a token goes nowhere else. Rule 2: nobody
waits long: a place that drips is one that does not answer.
"""

import time
import urllib.error
import urllib.request
from http.client import HTTPException, HTTPMessage
from typing import IO, Final


_TIMEOUT_S: Final = 5.0  # for each silence
_WHOLE_S: Final = 20.0  # for one reply in all
_CHUNK: Final = 65_536
_NOT_FOUND: Final = frozenset({404, 410})


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        del req, fp, code, msg, headers, newurl


class HttpTransport:
    """Reads and writes below one address."""

    def __init__(self, url: str, token: str = "") -> None:
        """Name the address.

        Args:
            url: The address, ``http`` or ``https``.
            token: Sent as a bearer's token; empty sends none.
        """
        self._url = url.rstrip("/")
        self._token = token
        self._opener = urllib.request.build_opener(_NoRedirect)

    def fetch(self, place: str, limit: int) -> bytes | None:
        """Return at most a limit of bytes, and one more; None if there are none.

        Raises:
            OSError: If the place does not answer, or not as it should.
        """
        try:
            return self._sent("GET", place, None, limit)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code in _NOT_FOUND:
                return None
            raise OSError(f"it answers {error.code} {error.reason}") from None

    def store(self, place: str, data: bytes) -> None:
        """Write bytes.

        Raises:
            OSError: If the place does not answer, or refuses.
        """
        try:
            self._sent("PUT", place, data, _CHUNK)
        except urllib.error.HTTPError as error:
            error.close()
            raise OSError(f"it answers {error.code} {error.reason}") from None

    def _sent(self, method: str, place: str, data: bytes | None, limit: int) -> bytes:
        try:
            return self._answered(method, place, data, limit)
        except ValueError as error:  # its text may hold the token
            msg = f"it cannot be asked: {type(error).__name__}"
            raise OSError(msg) from None

    def _answered(
        self, method: str, place: str, data: bytes | None, limit: int
    ) -> bytes:
        request = urllib.request.Request(  # noqa: S310 - the scheme is checked with the setting
            f"{self._url}/{place}", data=data, method=method
        )
        request.add_header("Content-Type", "application/json")
        if self._token:
            request.add_unredirected_header("Authorization", f"Bearer {self._token}")
        deadline = time.monotonic() + _WHOLE_S
        found = bytearray()
        try:
            with self._opener.open(request, timeout=_TIMEOUT_S) as answer:
                while len(found) <= limit and (chunk := answer.read1(_CHUNK)):
                    found += chunk
                    if time.monotonic() > deadline:
                        raise TimeoutError("it takes too long")
        except HTTPException as error:
            raise OSError(f"it does not speak HTTP: {type(error).__name__}") from None
        except urllib.error.HTTPError:
            raise
        except urllib.error.URLError as error:
            raise OSError(str(error.reason)) from None
        return bytes(found[: limit + 1])
