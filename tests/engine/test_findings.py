from dataclasses import replace

import pytest
from calculator_texts import PROMPT, C, E, P, T
from fakes import MemoryTraces
from memory_project import Project, synced

from pdd_tasks.core.model.settings import Strictness
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.plan.change import State
from pdd_tasks.core.plan.facts import Facts, Ran
from pdd_tasks.engine.observe import observe


def _facts(project: Project) -> Facts:
    return observe(project.world(), project.unit).facts


def test_a_unit_in_sync_has_the_facts_of_one():
    assert _facts(synced()) == Facts()


def test_a_new_prompt_has_nothing_recorded():
    assert _facts(Project({P: PROMPT})) == Facts(
        deps_recorded=False,
        prompt_changed=True,
        code=State.ABSENT,
        example=State.ABSENT,
        tests=State.ABSENT,
        interface_changed=True,
        example_run=Ran.NOT,
        test_run=Ran.NOT,
        verified=False,
    )


@pytest.mark.parametrize(
    "fields, fact",
    [
        pytest.param({"force": True}, {"force": True}, id="force"),
        pytest.param(
            {"accept_updates": True}, {"accept_updates": True}, id="accept_updates"
        ),
        pytest.param(
            {"coverage": Strictness.REQUIRED},
            {"coverage_required": True},
            id="coverage",
        ),
        pytest.param({"verify": Strictness.REQUIRED}, {"verified": False}, id="verify"),
    ],
)
def test_settings_are_facts(fields, fact):
    project = synced()
    project.set(**fields)
    assert _facts(project) == Facts(**fact)


@pytest.mark.parametrize(
    "command, fact",
    [
        pytest.param("run", {"can_run": False, "example_run": Ran.NOT}, id="run"),
        pytest.param("test", {"can_test": False, "test_run": Ran.NOT}, id="test"),
    ],
)
def test_commands_that_a_language_lacks_are_facts(command, fact):
    project = synced()
    project.without(command)
    assert _facts(project) == Facts(**fact)


def test_a_run_counts_only_for_the_bytes_it_saw():
    project = synced()
    project.write(C, project.read(C) + "\n")
    facts = _facts(project)
    assert (facts.code, facts.example_run, facts.test_run) == (
        State.RECORDED,
        Ran.NOT,
        Ran.NOT,
    )


def test_the_definitions_that_a_person_changed_are_counted():
    project = synced()
    project.edit(C, "return a + b", "return b + a")
    project.write(C, project.read(C) + "\n\ndef mul(a, b):\n    return a * b\n")
    assert _facts(project).why["both"] == "definitions edited: 2"


def test_a_reason_says_how_much_of_the_code_was_edited_beside_the_prompt():
    project = synced()
    project.write(P, PROMPT + "- More.\n")
    assert _facts(project).why["both"] == P
    project.edit(C, "return a + b", "return b + a")
    assert _facts(project).why["both"] == f"{P}; definitions edited: 1"


def test_an_edit_of_comments_changes_no_definition():
    project = synced()
    project.write(C, "# mine\n" + project.read(C))
    facts = _facts(project)
    assert (facts.code, facts.why["both"]) == (State.LAYOUT, "")


def test_an_edit_counts_from_what_was_generated_also_if_part_of_it_was_adopted():
    project = synced()
    project.edit(C, "return a + b", "return b + a")
    project.adopt()
    project.edit(C, "return a - b", "return -b + a")
    assert _facts(project).why["both"] == "definitions edited: 2"


def test_every_definition_counts_where_the_old_bytes_are_lost():
    project = synced()
    project.edit(C, "return a + b", "return b + a")
    project.baselines.kept.clear()
    assert _facts(project).why["both"] == "definitions edited: 2"  # add and sub


@pytest.mark.parametrize(
    "fields, state",
    [
        pytest.param({}, State.ABSENT, id="it has no tests"),
        pytest.param({"timed_out": True}, State.RECORDED, id="it hung"),
    ],
)
def test_a_test_file_of_which_nothing_ran(fields, state):
    project = synced()
    report, run = project.report, project.report.tests
    assert run is not None
    empty = replace(run, results={}, failures=(), **fields)
    write = MemoryTraces(project.disk).report_write(
        project.unit.id, replace(report, tests=empty)
    )
    project.disk[write.path] = write.data
    assert _facts(project).tests is state


def test_a_deleted_test_file_among_several_is_no_absence():
    project = synced()
    project.with_more_tests("tests/test_more.py", "def test_it(): pass\n")
    project.delete(T)
    assert _facts(project).tests is State.UNRECORDED


def test_test_files_without_a_test_are_none():
    project = synced()
    project.write(T, "# nothing yet\n")
    project.perform(Step.FIX)
    assert _facts(project).tests is State.EDITED
    project.reply("test", "no", "no", "no")
    with pytest.raises(Exception, match="prose"):
        project.perform(Step.TEST)
    assert _facts(project).tests is State.ABSENT


def test_a_reason_names_what_changed():
    docs = "docs/money.md"
    prompt = PROMPT + f"\n<include>{docs}</include>\n"
    project = Project({P: prompt, docs: "Money.\n"})
    assert _facts(project).why["prompt"] == f"{docs} (included), {P}"


def test_a_reason_names_the_failures_of_the_example_first():
    project = synced()
    project.edit(T, "== 3", "== 4")
    project.edit(E, "add(1, 2)", "add(1)")
    project.perform(Step.EXAMPLE)
    project.perform(Step.TEST)
    project.reply("crash", "no", "no", "no")
    with pytest.raises(Exception, match="no usable reply"):
        project.perform(Step.CRASH)
    why = _facts(project).why
    assert why["failures"].startswith("the example: TypeError: ")
    assert why["failures"].endswith(" (and 1 more)")
    assert why["crash"].endswith("(3 attempts)")


def test_a_reason_says_that_code_was_deleted():
    project = synced()
    project.delete(C)
    assert _facts(project).why["code"] == "it was deleted"


def test_a_reason_gives_coverage_and_target():
    project = synced()
    assert _facts(project).why["coverage"] == "100.0 % of 90 %"
