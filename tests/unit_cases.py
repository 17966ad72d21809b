"""Units of each language below ``cases/unit``, made live by their real tools."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from model_server import Answer, Body, ModelServer, Say
from project import Project, Said
from surface import kind, kinds, live

from pdd_tasks.core.prompt.requirement import requirements
from pdd_tasks.plugin.languages import load_languages


CASES = Path(__file__).parent / "cases" / "unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A unit that was synced twice.

    Attributes:
        first: What the first sync said.
        asked: The kinds of all requests.
        sent: The requests themselves, as text.
        before: The files after the first sync.
        second: What the second sync said.
    """

    language: str
    project: Project
    first: Said
    asked: list[str]
    sent: str
    before: Mapping[str, tuple[bytes, int]]
    second: Said

    @property
    def report(self) -> Mapping[str, object]:
        """The unit's run report."""
        text = self.project.read(f".pdd/meta/clamp_{self.language}_run.json")
        found: dict[str, object] = json.loads(text)
        return found

    @property
    def tests(self) -> str:
        """The text of its test file."""
        names = sorted(self.project.files())
        return self.project.read(next(n for n in names if n.startswith("tests/")))


def missing(language: str, root: Path = CASES) -> list[str]:
    """Return the commands that a language needs in a project and that do not run."""
    known = load_languages(root)[language]
    needed = [command for command, hint in known.tools.items() if hint]
    commands = [c.replace("{interpreter}", known.interpreter) for c in needed]
    return [command for command in commands if not _runs(command.split(), root)]


def _runs(command: list[str], root: Path) -> bool:
    if not shutil.which(root / command[0] if "/" in command[0] else command[0]):
        return False
    ended = subprocess.run(command, cwd=root, capture_output=True, check=False)
    return ended.returncode == 0


def replies(language: str) -> dict[str, str]:
    """Return what the model answers to each kind of request."""
    folder = CASES / language
    names = ("generate", "example", "test")
    found = {name: (folder / f"{name}.md").read_text() for name in names}
    items = [
        {"id": name, "verdict": "met", "quote": "clamp"}
        for name in requirements((folder / "prompt.md").read_text())
    ]
    return {**found, "verify": json.dumps({"requirements": items, "confidence": 1.0})}


def made(language: str, root: Path, said: Mapping[str, str]) -> Made:
    """Sync the unit of a language in a folder, twice.

    Args:
        language: The language.
        root: The folder, which may hold what the project brings.
        said: What the model answers.
    """
    project = Project.in_folder(root)
    prompt = (CASES / language / "prompt.md").read_text()
    project.write(f"prompts/clamp_{language}.prompt", prompt)

    def answer(body: Body) -> Answer:
        return Say(said[kind(body)])

    with ModelServer(answer) as server:
        words = live(server, f"sync:clamp_{language}")
        first = project.doit(*words)
        before = project.files()
        second = project.doit(*words)
        sent = json.dumps(server.requests)
        return Made(
            language=language,
            project=project,
            first=first,
            asked=kinds(server),
            sent=sent,
            before=before,
            second=second,
        )
