"""Requests to somebody whose name only he himself can say, such as a program's."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from pdd_tasks.core.prompt.request import Reply, Request


class Inner(Protocol):
    """What answers."""

    def complete(self, request: Request) -> Reply:
        """Return the reply to a request."""
        ...

    def reject(self, request: Request, because: str) -> None:
        """Record that the reply to a request could not be used."""
        ...


class Addressed:
    """A model around a model: puts the name of the endpoint into each request.

    It stands around the recorded replies, since the name is part of their keys.
    """

    def __init__(self, inner: Inner, endpoint: Callable[[], str]) -> None:
        """Name the endpoint.

        Args:
            inner: What answers.
            endpoint: Returns the name; asked once, with the first request.
        """
        self._inner = inner
        self._endpoint = endpoint
        self._name = ""

    def complete(self, request: Request) -> Reply:
        """Return the reply to a request.

        Raises:
            PddError: As for the model inside, and as for asking the name.
        """
        return self._inner.complete(self._addressed(request))

    def reject(self, request: Request, because: str) -> None:
        """Record that the reply to a request could not be used."""
        self._inner.reject(self._addressed(request), because)

    def _addressed(self, request: Request) -> Request:
        self._name = self._name or self._endpoint()
        return replace(request, endpoint=self._name)
