"""What leaves for a model: sent as it is, but nobody shall be surprised by it."""

from collections.abc import Callable
from typing import Protocol

from pdd_tasks.core.prompt.redact import Redactor
from pdd_tasks.core.prompt.request import Reply, Request


class Inner(Protocol):
    """What answers."""

    def complete(self, request: Request) -> Reply:
        """Return the reply to a request."""
        ...


class Outgoing:
    """A model around a model: tells people which secrets a request holds.

    Nothing is taken out of the request: that would change the answer.
    """

    def __init__(
        self, inner: Inner, redactor: Redactor, announce: Callable[[str], None]
    ) -> None:
        self._inner = inner
        self._redactor = redactor
        self._announce = announce

    def complete(self, request: Request) -> Reply:
        """Return the reply to a request.

        Raises:
            ModelError: As for the model inside.
            BudgetError: As for the model inside.
        """
        text = "\n".join(message.content for message in request.messages)
        asked = request.model or request.endpoint  # a program need not name a model
        for name in sorted(self._redactor.names(text)):
            self._announce(
                f"warning: the value of {name} is in a request to {asked} and"
                " is sent as it is: take it out of the prompt and what it includes"
            )
        return self._inner.complete(request)
