"""What tests of recorded replies share: a request, its reply, and who answers."""

from dataclasses import replace
from pathlib import Path

from pdd_tasks.adapters.models.reply_cache import Inner, ReplyCache
from pdd_tasks.core.model.settings import ModelSettings, Replies
from pdd_tasks.core.prompt.redact import Redactor
from pdd_tasks.core.prompt.request import Message, Reply, Request


SECRET = "hunter2-and-more"  # noqa: S105 - nobody's
REDACTOR = Redactor.of({"DB_PASSWORD": SECRET})
NOW = "2026-01-02T03:04:05Z"
LIVE = ModelSettings(model="openai/m")
RECORD = replace(LIVE, replies=Replies.RECORD, label="by hand")
REPLAY = replace(LIVE, replies=Replies.REPLAY)
REQUEST = Request(
    kind="generate",
    template="generate@1",
    endpoint="openai",
    model="openai/m",
    messages=(Message("system", "Rules.\n"), Message("user", "Add two\nnumbers ü")),
    max_tokens=100,
)
REPLY = Reply(
    text="a\n\n  b\r\n\tü\n", model="m-1", prompt_tokens=7, completion_tokens=3, cost=42
)


class Answers:
    """A model that answers in order and counts; raises what is an error.

    Attributes:
        answers: The answers to come.
        asked: The requests that were made.
    """

    def __init__(self, *answers: Reply | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[Request] = []

    def complete(self, request: Request) -> Reply:
        """Return the next answer, or raise it."""
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def cache(
    root: Path, inner: Inner | None = None, settings: ModelSettings = LIVE
) -> ReplyCache:
    """Return the recorded replies of a project, around somebody who answers."""
    return ReplyCache(root, settings, inner or Answers(), REDACTOR, now=lambda: NOW)


def path_of(root: Path, request: Request = REQUEST) -> Path:
    """Return where the reply to a request is recorded."""
    return root / ".pdd/cache" / request.kind / f"{request.key}.json"


def recorded(
    root: Path,
    request: Request = REQUEST,
    reply: Reply = REPLY,
    settings: ModelSettings = LIVE,
) -> Path:
    """Return the file of a reply that was recorded."""
    cache(root, Answers(reply), settings).complete(request)
    return path_of(root, request)
