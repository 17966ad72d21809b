"""What tests of the whole program share: projects, answers, and words to type."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from calculator_texts import CODE, EXAMPLE, PROMPT, TESTS, fenced, judged
from model_server import Answer, Body, ModelServer, Say, last_user_message
from project import Project, Said, clean_environment


_ENDS = {
    "Write the file `": "generate",
    "Write all of these files: `": "generate",
    "Write the program `": "example",
    "Write tests to add to `": "test",
    "Write the new prompt.": "update",
    "The file is `": "analysis",
    "Write the test to add to `": "bug",
}
_STEP = re.compile(r"^\w+ ([a-z-]+)(?: FAILED| WAITS FOR YOU)?: ", re.MULTILINE)


def owned(name: str, folder: Path) -> tuple[Project, Said]:
    """Return an example synced as a user's own project, and what was said.

    A user commits what is generated; the examples of this repository do not.
    """
    project = Project.of_example(name, folder)
    (project.root / ".gitignore").unlink(missing_ok=True)
    (project.root / ".pdd/.gitignore").unlink(missing_ok=True)
    return project, project.doit("sync")


def unit_project(folder: Path, *names: str) -> Project:
    """Return a project of units that nothing was made for yet."""
    project = Project.in_folder(folder)
    for name in names:
        project.write(f"prompts/{name}_python.prompt", PROMPT)
    return project


def good(kind: str, unit: str = "calculator") -> str:
    """Return a reply that a step of a unit of `unit_project` can use."""
    return {
        "generate": fenced(CODE),
        "example": fenced(EXAMPLE.replace("calculator", unit)),
        "verify": judged(),
        "test": fenced(TESTS.replace("calculator", unit)),
    }[kind]


def kind(body: Body) -> str:
    """Return which kind of request a model is asked."""
    end = last_user_message(body).rstrip().rpartition("\n")[2]
    return next(
        (kind for sign, kind in _ENDS.items() if end.startswith(sign)), "verify"
    )


def kinds(server: ModelServer) -> list[str]:
    """Return the kinds of all requests that arrived."""
    return [kind(body) for body in server.requests]


def by_kind(replies: Mapping[str, str]) -> Mapping[str, str]:
    """Return the usual replies with some of them replaced."""
    usual = {kind: good(kind) for kind in ("generate", "example", "verify", "test")}
    return {**usual, **replies}


def server_of(**replies: str) -> ModelServer:
    """Return a server that answers each kind of request in its way."""
    found = by_kind(replies)

    def answer(body: Body) -> Answer:
        return Say(found[kind(body)])

    return ModelServer(answer)


def live(server: ModelServer, *words: str) -> tuple[str, ...]:
    """Return the words that make doit ask a server, and a few more."""
    return (*words, "replies=live", *asked_by_command(server.url), "max_calls=20")


def asked_by_command(url: str = "") -> tuple[str, ...]:
    """Return the words that name a program which asks a server.

    The keys of requests do not depend on the server.
    """
    asking = str(Path(__file__).with_name("asking.py"))
    program = [sys.executable, "-IS", asking, *filter(None, [url])]
    return ("provider=command", f"command={shlex.join(program)}", "endpoint=test")


def through_litellm(server: ModelServer, *words: str) -> tuple[str, ...]:
    """Return the words that make doit ask a server by litellm, and a few more."""
    return (
        *words,
        "replies=live",
        "model=openai/test",
        f"api_base={server.url}",
        "max_calls=20",
    )


def steps(said: Said) -> list[str]:
    """Return the steps that were reported, in order."""
    return _STEP.findall(said.out)


def unchanged(
    before: Mapping[str, object],
    after: Mapping[str, object],
    *,
    but: Iterable[str] = (),
) -> bool:
    """Return whether two listings of files agree.

    Args:
        before: Path → anything that tells contents apart.
        after: The same, later.
        but: Prefixes of paths that may differ.
    """

    def left(files: Mapping[str, object]) -> dict[str, object]:
        return {n: f for n, f in files.items() if not n.startswith(tuple(but))}

    return left(before) == left(after)


def git(project: Project, *words: str) -> str:
    """Run git in a project and return what it printed."""
    ended = subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b", *words],  # noqa: S607 - git from PATH is what users have
        cwd=project.root,
        env=clean_environment(),
        check=True,
        capture_output=True,
        text=True,
    )
    return ended.stdout
