from calculator_texts import CODE, PROMPT, TESTS, C, E, P, T
from memory_project import Project, synced

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.plan.change_report import ChangeReport, How, Impact
from pdd_tasks.core.plan.symbols import Symbols
from pdd_tasks.engine.changes import change_report


MUL = "\n\ndef mul(a, b):\n    return a * b\n"


def _report(project: Project) -> ChangeReport:
    return change_report(project.world(), project.unit)


def _found(project: Project) -> list[tuple[Artifact, How, int | None, int | None]]:
    return [(f.artifact, f.how, f.added, f.removed) for f in _report(project).files]


def test_a_unit_in_sync_has_not_changed():
    report = _report(synced())
    assert not report.changed
    assert report.decisions == ()


def test_a_new_unit_has_what_stands():
    project = Project({P: PROMPT, T: TESTS})
    lines = len(PROMPT.splitlines())
    assert _found(project) == [
        (Artifact.PROMPT, How.ADDED, lines, 0),
        (Artifact.TESTS, How.ADDED, len(TESTS.splitlines()), 0),
    ]


def test_an_edit_of_the_code_is_said_by_lines_and_definitions():
    project = synced()
    project.edit(C, "def sub(a, b):", "def sub(a, b, c=0):")
    project.write(C, project.read(C) + MUL)
    report = _report(project)
    (found,) = report.files
    assert (found.added, found.removed) == (5, 1)
    assert found.symbols == Symbols(added=("mul",), changed=("sub",))
    assert found.interface
    assert report.structural
    assert report.impact is Impact.MEDIUM


def test_what_is_recommended_is_what_is_decided():
    project = synced()
    project.edit(C, "return a + b", "return b + a")
    report = _report(project)
    assert {d.step: d.operation for d in report.decisions} == project.due()
    assert report.decisions[0].operation is Operation.RUN_EXAMPLE


def test_an_edit_of_a_body_changes_no_structure():
    project = synced()
    project.edit(C, "return a + b", "return b + a")
    report = _report(project)
    assert not report.structural
    assert report.impact is Impact.LOW


def test_an_edit_of_the_prompt_is_said_by_lines():
    project = synced()
    project.write(P, PROMPT + "- `mul` multiplies.\n")
    assert _found(project) == [(Artifact.PROMPT, How.CHANGED, 1, 0)]


def test_what_the_prompt_includes_is_a_dependency():
    docs = "docs/money.md"
    project = synced()
    project.write(docs, "Money.\n")
    project.write(P, f"{PROMPT}\n<include>{docs}</include>\n")
    report = _report(project)
    assert report.dependencies == (docs,)
    assert [one.artifact for one in report.files] == [Artifact.PROMPT]


def test_edits_of_example_and_tests_are_said():
    project = synced()
    project.write(E, project.read(E) + "print(add(2, 2))\n")
    project.write(
        T, project.read(T) + "\n\ndef test_more():\n    assert add(0, 0) == 0\n"
    )
    example, tests = _report(project).files
    assert (example.artifact, example.added) == (Artifact.EXAMPLE, 1)
    assert (tests.symbols, tests.interface) == (Symbols(added=("test_more",)), False)


def test_a_deleted_file_is_said():
    project = synced()
    project.delete(C)
    assert _found(project) == [(Artifact.CODE, How.DELETED, 0, len(CODE.splitlines()))]


def test_nobody_knows_how_much_changed_where_the_old_bytes_are_lost():
    project = synced()
    project.edit(C, "return a + b", "return b + a")
    project.write(P, PROMPT + "- `mul` multiplies.\n")
    project.baselines.kept.clear()
    assert _found(project) == [
        (Artifact.PROMPT, How.CHANGED, None, None),
        (Artifact.CODE, How.CHANGED, None, None),
    ]


def test_what_was_adopted_is_compared_with_what_was_adopted():
    project = synced()
    project.edit(C, "return a + b", "return b + a")
    project.adopt()
    assert Step.UPDATE not in project.due()
    assert not _report(project).changed
    project.write(C, project.read(C) + MUL)
    (found,) = _report(project).files
    assert found.symbols == Symbols(added=("mul",))


def test_a_file_of_another_language_is_said_by_lines_alone():
    project = synced()
    project.with_more_tests("tests/test_data.json", "{}\n")
    (found,) = _report(project).files
    assert (found.how, found.added, found.symbols) == (How.ADDED, 1, Symbols())
