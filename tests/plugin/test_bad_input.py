"""What a person gets wrong is refused: what, where, and what to do; nothing changes."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from project import Project
from stages import copied


PROMPT = "prompts/calculator_python.prompt"
META = ".pdd/meta/calculator_python.json"
CONFLICT = "<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> other\n"
DODO = "from pdd_tasks import doit_project\n\nDOIT_CONFIG, task_sync = {}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bad:
    """Something wrong with a project, and what is to be said about it.

    Attributes:
        spoil: Makes it wrong.
        says: What the command must say: file, cause, next step.
        words: The command.
        code: How it must end.
    """

    spoil: Callable[[Project], object]
    says: tuple[str, ...]
    words: tuple[str, ...] = ("sync:calculator",)
    code: int = 3


def nothing(_: Project) -> None:
    """Leave the project as it is."""


def writing(path: str, text: str) -> Callable[[Project], None]:
    def spoil(project: Project) -> None:
        project.write(path, text)

    return spoil


def adding(path: str, text: str) -> Callable[[Project], None]:
    def spoil(project: Project) -> None:
        project.write(path, project.read(path) + text)

    return spoil


def including(*paths: str) -> Callable[[Project], None]:
    text = "".join(f"\n<include>{path}</include>\n" for path in paths)
    return adding(PROMPT, text)


def pddrc(settings: str) -> Callable[[Project], None]:
    text = 'version: "1.0"\ncontexts:\n  default:\n    defaults:\n'
    return writing(".pddrc", f"{text}      replies: replay\n      {settings}\n")


def newer(project: Project) -> None:
    meta = json.loads(project.read(META))
    project.write(META, json.dumps({**meta, "schema": 99}))


def circle(project: Project) -> None:
    project.write("docs/a.md", "<include>docs/b.md</include>\n")
    project.write("docs/b.md", "<include>docs/a.md</include>\n")
    including("docs/a.md")(project)


def link_outside(project: Project) -> None:
    outside = project.root.parent / "outside.md"
    outside.write_text("secret\n")
    (project.root / "link.md").symlink_to(outside)
    including("link.md")(project)


def two_claims(project: Project) -> None:
    pddrc("generate_output_path: src/one.py")(project)
    project.write("prompts/other_python.prompt", "Another module.\n")


def unit_circle(project: Project) -> None:
    including("examples/other_example.py")(project)
    text = "A module.\n<include>examples/calculator_example.py</include>\n"
    project.write("prompts/other_python.prompt", text)


def no_prompt(project: Project) -> None:
    (project.root / PROMPT).unlink()


def state_is_a_file(project: Project) -> None:
    shutil.rmtree(project.root / ".pdd")
    project.write(".pdd", "mine\n")


def transactions_are_a_file(project: Project) -> None:
    shutil.rmtree(project.root / ".pdd/txn")
    project.write(".pdd/txn", "mine\n")
    no_example(project)


def no_example(project: Project) -> None:
    (project.root / "examples/calculator_example.py").unlink()


def closed(project: Project) -> None:
    no_example(project)
    (project.root / "examples").chmod(0o555)


def live(*words: str) -> tuple[str, ...]:
    return ("sync:calculator", "replies=live", "model=openai/gpt-4o", *words)


def no_code(project: Project) -> None:
    (project.root / "src/calculator.py").unlink()


ROWS = {
    "an unknown language": Bad(
        spoil=writing("prompts/thing_klingon.prompt", "Anything.\n"),
        says=("prompts/thing_klingon.prompt", "klingon", "hint:"),
    ),
    "an unknown key in .pddrc": Bad(
        spoil=pddrc("target_coverege: 90"),
        says=(".pddrc:6", "target_coverege", "target_coverage", "hint:"),
    ),
    "an unknown key in languages.yaml": Bad(
        spoil=writing("languages.yaml", "python:\n  extenson: .py\n"),
        says=("languages.yaml:2", "extenson", "hint:"),
    ),
    "a broken .pddrc": Bad(
        spoil=writing(".pddrc", "contexts: [\n"),
        says=(".pddrc", "hint:"),
    ),
    "a broken languages.yaml": Bad(
        spoil=writing("languages.yaml", "python: {\n"),
        says=("languages.yaml", "hint:"),
    ),
    "a broken fingerprint": Bad(
        spoil=writing(META, '{"schema": 1,'),
        says=(f"{META}:1", "JSON", "hint: restore it"),
    ),
    "a conflict in a fingerprint": Bad(
        spoil=writing(META, CONFLICT.format("{}", "{}")),
        says=(f"{META}:1", "conflict", "git checkout --ours"),
    ),
    "a newer fingerprint": Bad(
        spoil=newer, says=(META, "99", "hint: upgrade it: `pip install --upgrade")
    ),
    "an include of a missing file": Bad(
        spoil=including("docs/nowhere.md"),
        says=(PROMPT, "docs/nowhere.md", "hint:"),
    ),
    "an include of itself": Bad(spoil=including(PROMPT), says=(PROMPT, "hint:")),
    "a circle of includes": Bad(spoil=circle, says=("docs/a.md", "docs/b.md", "hint:")),
    "a name that is no unit": Bad(
        spoil=nothing,
        words=("sync:calculater",),
        says=("'calculater'", "calculator", "hint:"),
    ),
    "a step that is no step": Bad(
        spoil=nothing,
        words=("sync:calculator_python:tests",),
        says=(
            "unit calculator_python has no step 'tests'",
            "hint: write sync:calculator_python:test",
        ),
    ),
    "two units that claim one file": Bad(
        spoil=two_claims,
        says=(PROMPT, "prompts/other_python.prompt", "src/one.py", "hint:"),
    ),
    "a configured path outside": Bad(
        spoil=pddrc("generate_output_path: ../elsewhere/"),
        says=(".pddrc:6", "../elsewhere", "hint:"),
    ),
    "an include from outside": Bad(
        spoil=including("../../etc/passwd"),
        says=(PROMPT, "../../etc/passwd", "hint:"),
    ),
    "an include through a link": Bad(
        spoil=link_outside, says=("link.md", "out of the project", "hint:")
    ),
    "no key for a live model": Bad(
        spoil=no_code, words=live(), says=("openai/gpt-4o", "OPENAI_API_KEY", "hint:")
    ),
    "a budget that is no number": Bad(
        spoil=nothing,
        words=("sync:calculator", "budget=abc"),
        says=("budget=abc on the command line", "hint:"),
    ),
    "a budget too small for a call": Bad(
        spoil=no_code,
        words=live("budget=0.000001", "api_base=http://127.0.0.1:9"),
        says=("budget", "hint:"),
        code=5,
    ),
    "a variable that is nearly a setting": Bad(
        spoil=nothing,
        words=("sync:calculator", "forse=1"),
        says=("forse=1 on the command line", "'force'", "hint: write force=1"),
    ),
    "a prompt that is not UTF-8": Bad(
        spoil=lambda p: (p.root / PROMPT).write_bytes(b"A calculator.\n\xff\n"),
        says=(PROMPT, "UTF-8", "hint:"),
    ),
    "an empty prompt": Bad(
        spoil=writing(PROMPT, " \n\n"), says=(PROMPT, "empty", "hint:")
    ),
    "a prompt that is gone": Bad(spoil=no_prompt, says=("'calculator'", "hint:")),
    "a folder that dodo.py names in vain": Bad(
        spoil=writing("dodo.py", DODO.format('doit_project("nowhere")')),
        says=("nowhere", "does not exist", "hint:"),
    ),
    "a file in place of the state folder": Bad(
        spoil=state_is_a_file, says=(".pdd", "hint: move the file"), code=1
    ),
    "a file in place of the transactions": Bad(
        spoil=transactions_are_a_file, says=(".pdd/txn", "hint: move the file"), code=1
    ),
    "units in a circle": Bad(
        spoil=unit_circle,
        says=("calculator_python", "other_python", "hint:"),
    ),
}


@pytest.mark.parametrize("bad", [pytest.param(ROWS[name], id=name) for name in ROWS])
def test_bad_input_is_refused(calculator, tmp_path, bad):
    project = copied(calculator.end, tmp_path / "project")
    bad.spoil(project)
    assert_refused(project, bad)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_a_folder_that_may_not_be_written_is_named(calculator, tmp_path):
    project = copied(calculator.end, tmp_path / "project")
    closed(project)
    says = ("examples", "hint: make the file and its folder writable")
    assert_refused(project, Bad(spoil=closed, says=says, code=1))


def test_a_project_without_a_unit_says_how_to_begin(tmp_path):
    project = Project.in_folder(tmp_path / "project")
    first = "hint: create one, for example prompts/calculator_python.prompt"
    assert_refused(project, Bad(spoil=nothing, says=("no prompts here", first)))


def assert_refused(project: Project, bad: Bad) -> None:
    before = lasting(project)
    said = project.doit(*bad.words)
    assert all(text in said.text for text in bad.says), said.text
    assert "Traceback" not in said.text
    assert said.code == bad.code, said.text
    for words in (("pending",), ("list", "--all", "--status")):
        looked = project.doit(*words)
        assert "Traceback" not in looked.text, looked.text
    assert lasting(project) == before


def lasting(project: Project) -> dict[str, bytes]:
    """Return every file's bytes; what only tells of a run may change."""
    told = (".pdd/locks/", ".pdd/log/", ".pdd/state.db")
    found = project.contents()
    return {name: data for name, data in found.items() if not name.startswith(told)}
