import hashlib
import json

import pytest
from calculator_texts import CODE, EXAMPLE, PROMPT, TESTS, C, E, P, T, fenced, judged
from fakes import trace_path
from memory_project import Project

from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.plan.change import State
from pdd_tasks.engine.observe import observe


ALL = {P: PROMPT, C: CODE, E: EXAMPLE, T: TESTS}


def _with_foreign(files: dict[str, str], **hashes: str) -> Project:
    """Return a project with a fingerprint that pdd-cli wrote."""
    project = Project(files)
    named = {"prompt_hash": P, "code_hash": C, "example_hash": E, "test_hash": T}
    found = {
        name: hashlib.sha256(files[path].encode()).hexdigest()
        for name, path in named.items()
        if path in files
    }
    stamp = {"pdd_version": "0.0.90", "timestamp": "2025-01-01", "command": "sync"}
    mapping = {**dict.fromkeys(named), **stamp, **found, **hashes}
    project.disk[trace_path(project.unit.id)] = json.dumps(mapping).encode()
    return project


def _states(project: Project) -> tuple[State, State, State]:
    facts = observe(project.world(), project.unit).facts
    return facts.code, facts.example, facts.tests


def test_bytes_that_pdd_cli_vouches_for_are_the_baseline():
    project = _with_foreign(ALL)
    assert project.sync() == [
        Operation.ADOPT,
        Operation.RUN_EXAMPLE,
        Operation.RUN_TESTS,
    ]
    assert _states(project) == (State.RECORDED, State.RECORDED, State.RECORDED)
    assert project.trace.foreign == {}


def test_after_pdd_cli_a_change_of_the_prompt_generates():
    project = _with_foreign(ALL)
    project.sync()
    project.edit(P, "their difference", "the difference of the two")
    project.reply("generate", fenced(CODE))
    project.reply("verify", judged(project.read(P)))
    project.sync()
    assert project.asked == ["generate", "verify"]


@pytest.mark.parametrize(
    "edited, states",
    [
        pytest.param(C, (State.ADOPTED, State.RECORDED, State.RECORDED), id="code"),
        pytest.param(E, (State.RECORDED, State.ADOPTED, State.RECORDED), id="example"),
    ],
)
def test_bytes_edited_since_pdd_cli_are_adopted(edited, states):
    project = _with_foreign(ALL)
    project.write(edited, project.read(edited) + "# mine\n")
    project.sync()
    assert _states(project) == states


def test_a_prompt_changed_since_pdd_cli_generates():
    project = _with_foreign(ALL)
    project.edit(P, "their difference", "the difference of the two")
    project.perform(Step.AUTO_DEPS)
    assert project.due()[Step.GENERATE] is Operation.GENERATE


def test_pdd_cli_hashes_a_prompt_with_what_it_includes():
    prompt = PROMPT + "\n<include>docs/b.md</include>\n<include>docs/a.md</include>\n"
    files = {**ALL, P: prompt, "docs/a.md": "first\n", "docs/b.md": "second  \n"}
    data = (prompt + "first\n" + "second  \n").encode()
    project = _with_foreign(files, prompt_hash=hashlib.sha256(data).hexdigest())
    project.perform(Step.AUTO_DEPS)
    assert Step.GENERATE not in project.due()


def test_pdd_cli_without_a_word_on_the_prompt_is_believed_on_the_code():
    project = _with_foreign(ALL)
    mapping = json.loads(project.disk[trace_path(project.unit.id)])
    mapping["prompt_hash"] = None
    project.disk[trace_path(project.unit.id)] = json.dumps(mapping).encode()
    project.perform(Step.AUTO_DEPS)
    assert Step.GENERATE not in project.due()
