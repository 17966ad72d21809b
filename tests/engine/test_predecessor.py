from dataclasses import replace
from pathlib import PurePosixPath

import pytest
from calculator_texts import CODE, EXAMPLE, PROMPT, TESTS, C, E, P, T
from fakes import report_path, trace_path
from memory_project import Project, synced, unit

from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.model.trace import StepRecord
from pdd_tasks.core.prompt.block import BEGIN
from pdd_tasks.engine.observe import observe, plan_unit
from pdd_tasks.errors import ConflictError


OLD = UnitId("calculator", "python")
NEW = "calc"
REWRITTEN = "Write something else.\n\n- `mul` multiplies.\n- `div` divides.\n"
BROKEN = f"<pdd>{BEGIN}</pdd>\n"
FREE = [Operation.INJECT_DEPS, Operation.RUN_EXAMPLE, Operation.RUN_TESTS]


def _path(old: str, name: str = NEW) -> str:
    return old.replace("calculator", name)


def _move(project: Project, *paths: str, imports: bool = True) -> None:
    """Move files to where the renamed unit has them, as a person does."""
    for path in paths:
        text = project.read(path)
        project.delete(path)
        if imports and path != P:
            text = text.replace("from calculator import", f"from {NEW} import")
        project.write(_path(path), text)


def _renamed(*paths: str, imports: bool = True) -> Project:
    """Return a project whose prompt was renamed, and these other files with it."""
    project = synced()
    _move(project, P, *paths, imports=imports)
    project.unit = unit(NEW)
    return project


def test_a_unit_that_was_renamed_whole_keeps_what_is_on_record():
    project = _renamed(C, E, T)
    assert project.sync() == FREE
    assert project.asked == []
    assert project.sync() == []
    assert [entry.operation for entry in project.trace.history[-4:]] == [
        "add tests",
        *map(str, FREE),
    ]
    assert trace_path(OLD) not in project.disk
    assert report_path(OLD) not in project.disk


@pytest.fixture
def cut_off():
    """Return a takeover that was killed before the old record was removed."""
    project = _renamed(C, E, T)
    record = project.disk[trace_path(OLD)]
    project.perform(Step.AUTO_DEPS)
    project.disk[trace_path(OLD)] = record
    return project


def test_a_takeover_that_was_cut_off_is_finished_by_the_next_step(cut_off):
    cut_off.perform(Step.CRASH)
    assert trace_path(OLD) not in cut_off.disk
    assert cut_off.sync() == [Operation.RUN_TESTS]
    assert cut_off.asked == []


def test_a_unit_that_came_again_under_the_old_name_and_went_keeps_its_record(cut_off):
    traces = cut_off.world().traces
    record = traces.fingerprint(OLD)
    assert record is not None
    later = replace(record.history[-1], at="2027-01-01T00:00:00Z")
    again = replace(record, history=(*record.history, later))
    write = traces.fingerprint_write(OLD, again)
    cut_off.disk[write.path] = write.data
    cut_off.perform(Step.CRASH)
    assert trace_path(OLD) in cut_off.disk


def test_another_unit_that_is_gone_keeps_its_record(cut_off):
    other = UnitId("other", "python")
    cut_off.disk[trace_path(other)] = cut_off.disk[trace_path(OLD)]
    cut_off.perform(Step.CRASH)
    assert trace_path(other) in cut_off.disk


def test_people_are_told_what_it_was():
    project = _renamed(C, E, T)
    first, *_ = plan_unit(project.world(), project.unit).due
    assert first.because.endswith("as it stands: renamed from calculator_python")


def test_a_unit_that_only_moved_to_another_folder_is_the_same():
    project = synced()
    nested = "math/calculator"
    for path in (P, C, E, T):
        project.write(str(_nested(path)), project.read(path))
        project.delete(path)
    project.unit = replace(
        unit(nested),
        code=(_nested(C),),
        example=_nested(E),
        test=_nested(T),
        prompt=_nested(P),
        import_root=PurePosixPath("src/math"),
    )
    assert project.sync() == FREE
    assert project.asked == []


def _nested(path: str) -> PurePosixPath:
    return PurePosixPath(path).parent / "math" / PurePosixPath(path).name


def test_code_that_was_edited_on_the_way_is_an_edit():
    project = _renamed(C, E, T)
    project.edit(_path(C), "return a + b", "return b + a")
    project.reply("update", "no", "no", "no")
    assert project.due()[Step.UPDATE] is Operation.RUN_EXAMPLE
    facts = observe(project.world(), project.unit).facts
    assert facts.why["both"] == "definitions edited: 1"


def test_bytes_that_only_the_old_history_has_are_kept():
    project = _renamed(C, E, T)
    project.edit(_path(C), "return a + b", "return b + a")
    project.perform(Step.AUTO_DEPS)
    made = project.trace.steps[Step.GENERATE].outputs[_path(C)]
    assert project.baselines.kept[made.raw].decode() == CODE


def test_where_the_old_bytes_are_lost_other_imports_are_an_edit():
    project = _renamed(C, E, T)
    project.baselines.kept.clear()
    assert project.due()[Step.EXAMPLE] is Operation.KEEP_EXAMPLE
    project.perform(Step.AUTO_DEPS)
    assert trace_path(OLD) not in project.disk


def test_a_prompt_that_was_rewritten_on_the_way_is_a_new_one_unless_git_saw_it():
    project = _renamed(C, E, T)
    project.write(_path(P), REWRITTEN)
    assert project.due()[Step.AUTO_DEPS] is Operation.ADOPT
    project.checkout.moved[PurePosixPath(_path(P))] = PurePosixPath(P)
    assert project.due()[Step.AUTO_DEPS] is Operation.INJECT_DEPS
    assert project.due()[Step.GENERATE] is Operation.GENERATE


def test_what_git_saw_moved_from_elsewhere_is_new():
    project = _renamed(C, E, T)
    project.write(_path(P), PROMPT + "- `mul` multiplies.\n")
    elsewhere = PurePosixPath("prompts/other_python.prompt")
    project.checkout.moved[PurePosixPath(_path(P))] = elsewhere
    assert project.due()[Step.AUTO_DEPS] is Operation.ADOPT


@pytest.mark.parametrize("left", [C, E, T])
def test_what_was_left_behind_is_not_made_anew(left):
    project = _renamed(*({C, E, T} - {left}))
    with pytest.raises(ConflictError) as refused:
        project.sync()
    assert project.asked == []
    assert refused.value.message == (
        f"unit calc_python: renamed from calculator_python, which left {left} behind"
    )
    assert f"`git mv {left} {_path(left)}`" in refused.value.hint
    _move(project, left)
    assert project.sync() == FREE


def test_what_was_left_behind_is_made_anew_where_asked():
    project = _renamed()
    project.set(force=True)
    project.reply("generate", "no", "no", "no")
    assert project.due()[Step.GENERATE] is Operation.GENERATE


def test_a_prompt_that_was_edited_on_the_way_is_a_changed_one():
    project = _renamed(C, E, T)
    project.write(_path(P), PROMPT + "- `mul` multiplies.\n")
    assert project.due()[Step.AUTO_DEPS] is Operation.INJECT_DEPS
    assert project.due()[Step.GENERATE] is Operation.GENERATE


def test_an_edited_prompt_whose_old_text_is_lost_is_a_new_one():
    project = _renamed(C, E, T)
    project.baselines.kept.clear()
    project.write(_path(P), PROMPT + "- `mul` multiplies.\n")
    assert observe(project.world(), project.unit).former is None


@pytest.mark.parametrize("text", [PROMPT + "- More.\n", PROMPT + BROKEN])
def test_of_two_prompts_that_are_alike_none_takes_over(text):
    project = _renamed(C, E, T)
    project.write(_path(P), PROMPT + "- `mul` multiplies.\n")
    two = Project({}, of=project.unit, others=(unit("twin"),))
    two.disk.update(project.disk)
    two.baselines = project.baselines
    assert observe(two.world(), two.unit).former is not None
    two.write(str(unit("twin").prompt), text)
    assert observe(two.world(), two.unit).former is None


def test_what_was_deleted_on_the_way_is_made_anew():
    project = _renamed(C, T)
    project.delete(E)
    assert project.due()[Step.EXAMPLE] is Operation.WRITE_EXAMPLE


def test_a_copy_of_a_prompt_is_a_new_unit():
    project = synced()
    project.write(_path(P), PROMPT)
    old = project.unit
    project.unit = unit(NEW)
    assert observe(project.world(), project.unit).former is not None
    project.unit, others = unit(NEW), (old,)
    copied = Project({}, of=project.unit, others=others)
    copied.disk.update(project.disk)
    assert observe(copied.world(), copied.unit).former is None


def test_of_two_new_units_with_the_prompt_of_one_none_takes_over():
    project = _renamed(C, E, T)
    twin, other = unit("twin"), replace(unit("other"), id=UnitId("other", "go"))
    two = Project({}, of=project.unit, others=(unit("absent"), other, twin))
    two.disk.update(project.disk)
    two.baselines = project.baselines
    assert observe(two.world(), two.unit).former is not None
    two.write(str(twin.prompt), PROMPT)
    assert observe(two.world(), two.unit).former is None


def test_a_unit_whose_prompt_is_not_checked_out_is_not_gone():
    project = _renamed(C, E, T)
    project.checkout.away[PurePosixPath(P)] = "it is outside of the sparse checkout"
    assert observe(project.world(), project.unit).former is None


def test_a_record_that_cannot_be_read_concerns_nobody_else():
    project = _renamed(C, E, T)
    project.disk[trace_path(OLD)] = b"broken"
    assert observe(project.world(), project.unit).former is None


def test_a_unit_of_another_language_is_not_what_it_was():
    project = _renamed(C, E, T)
    project.disk[trace_path(UnitId("calculator", "go"))] = project.disk.pop(
        trace_path(OLD)
    )
    assert observe(project.world(), project.unit).former is None


def test_a_record_without_a_prompt_says_nothing():
    project = Project({P: PROMPT, C: CODE, E: EXAMPLE, T: TESTS})
    project.adopt()
    trace = project.trace
    project.delete(P)
    project.write(_path(P), PROMPT)
    project.unit = unit(NEW)
    steps = {**trace.steps, Step.AUTO_DEPS: StepRecord()}
    traces = project.world().traces
    write = traces.fingerprint_write(OLD, replace(trace, steps=steps))
    project.disk[write.path] = write.data
    assert observe(project.world(), project.unit).former is None


def test_an_adopted_unit_stays_adopted():
    project = Project({P: PROMPT, C: CODE, E: EXAMPLE, T: TESTS})
    project.adopt()
    _move(project, P, C, E, T)
    project.unit = unit(NEW)
    assert project.sync() == FREE
    assert set(project.trace.adopted) == {_path(C), _path(E)}
