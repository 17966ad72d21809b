"""A person as a model: the request goes out as a file, the answer comes back as one.

Rule 1: what is written is redacted, as everything is that goes to the disk; the file
says so. Rule 2: an answer is taken as it stands and never deleted here: it is paid
for with somebody's time. Rule 3: one open question a unit and kind: an older one that
nobody answered goes.
"""

from pathlib import Path
from typing import Final

from pdd_tasks.adapters.files import (
    STATE_FOLDER,
    ensure_state_folder,
    make_folders,
    replace_durably,
)
from pdd_tasks.adapters.refusal import refusing
from pdd_tasks.core.prompt.redact import Redactor
from pdd_tasks.core.prompt.request import Reply, Request
from pdd_tasks.core.prompt.transcript import transcript
from pdd_tasks.errors import AwaitedError


FOLDER: Final = "manual"
ANSWER: Final = ".answer.md"

_LARGEST: Final = 16_000_000  # bytes; a larger file is no answer
_KEY_CHARS: Final = 16


class ManualModel:
    """Asks a person by files below ``.pdd/manual``."""

    def __init__(self, root: Path, unit: str, redactor: Redactor) -> None:
        """Name who asks.

        Args:
            root: The state root.
            unit: Id of the unit, for the names of files and for messages.
            redactor: Redacts what is written.
        """
        self._root = root
        self._folder = root / STATE_FOLDER / FOLDER
        self._unit = unit
        self._redactor = redactor

    def complete(self, request: Request) -> Reply:
        """Return the answer to a request; what it cost, nobody knows.

        Raises:
            AwaitedError: If there is no answer yet; the request lies there then.
            PddError: If the request cannot be written, or the answer not be read.
        """
        stem = self._stem(request)
        answer = self._folder / f"{stem}{ANSWER}"
        text = _answer(answer)
        if not text.strip():
            asked = self._ask(request, stem)
            raise self._awaited(request, asked, answer)
        return Reply(
            text=self._redactor.reply(text),
            model=self._redactor.text(request.model or "by hand"),
        )

    def _stem(self, request: Request) -> str:
        unit = self._unit.replace("%", "%25").replace("/", "%2F")
        return f"{unit}-{request.kind}-{request.key[:_KEY_CHARS]}"

    def _ask(self, request: Request, stem: str) -> Path:
        path = self._folder / f"{stem}.md"
        text = transcript(request)
        shown = self._redactor.text(text)
        if shown != text:
            shown = (
                "<!-- Secrets were replaced by their names, [redacted:NAME]; leave the"
                f" names as they are. -->\n\n{shown}"
            )
        with refusing("write a request for a person"):
            ensure_state_folder(self._root)
            make_folders(self._folder)
            ignore = self._folder / ".gitignore"
            if not ignore.exists():
                replace_durably(ignore, b"*\n")
            if not path.exists():
                self._drop_older(request)
                replace_durably(path, shown.encode(errors="replace"))
        return path

    def _drop_older(self, request: Request) -> None:
        prefix = self._stem(request)[:-_KEY_CHARS]
        for path in self._folder.iterdir():
            stem = path.name.removesuffix(".md")
            is_request = path.name.endswith(".md") and not path.name.endswith(ANSWER)
            if is_request and stem[:-_KEY_CHARS] == prefix:
                answer = self._folder / f"{stem}{ANSWER}"
                if not _answer(answer).strip():
                    path.unlink(missing_ok=True)

    def _awaited(self, request: Request, asked: Path, answer: Path) -> AwaitedError:
        question, reply = (path.relative_to(self._root) for path in (asked, answer))
        return AwaitedError(
            f"unit {self._unit}: the {request.kind} request in {question} waits for"
            " an answer",
            hint=f"give it to any model, save all of its answer as {reply}, then type"
            f" doit sync:{self._unit} provider=manual",
        )


def _answer(path: Path) -> str:
    with refusing("read an answer"):
        if not path.is_file():
            return ""
        data = path.read_bytes()[: _LARGEST + 1]
        return "" if len(data) > _LARGEST else data.decode("utf-8-sig", "replace")
