import json

import pytest
from calculator_texts import CODE, PROMPT, TESTS, C, P, T, fenced, judged
from memory_project import Project, synced

from pdd_tasks.core.model.artifact import Digest
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.errors import ConflictError


MINE = ("return a + b", "return b + a")
THEIRS = CODE.replace("return a - b", "return -(b - a)")
SUMMED = CODE.replace("return a + b", "return sum((a, b))")
WIDER = ("their difference.\n", "their difference.\n- `neg` negates.\n")


def _both(*replies: str, **fields) -> Project:
    """Return a unit of which prompt and code both changed."""
    project = synced(**fields)
    project.edit(C, *MINE)
    project.edit(P, *WIDER)
    project.reply("generate", *replies)
    project.reply("verify", judged(project.read(P)))
    return project


def _conflicted() -> Project:
    project = _both(fenced(SUMMED))
    with pytest.raises(ConflictError):
        project.sync()
    return project


def test_changes_of_different_functions_are_merged_and_run_and_nothing_is_asked():
    project = _both(fenced(THEIRS))
    done = project.sync()
    assert done[:2] == [Operation.INJECT_DEPS, Operation.MERGE]
    assert MINE[1] in project.read(C)
    assert "return -(b - a)" in project.read(C)
    assert project.asked == ["generate", "verify"]
    assert project.sync() == []


def test_a_copy_of_the_edit_is_kept_before_it_is_merged():
    project = _both(fenced(THEIRS))
    before = project.read(C)
    project.sync()
    assert [data.decode() for data in project.safety.copies.values()] == [before]
    assert any("doit undo calculator_python" in note for note in project.notes)


def test_what_is_generated_starts_from_what_the_generator_last_left():
    project = _both(fenced(THEIRS))
    project.perform(Step.GENERATE)
    assert "return a + b" in project.request()
    assert MINE[1] not in project.request()


def test_the_next_merge_starts_from_what_was_generated_last():
    project = _both(fenced(THEIRS))
    project.sync()
    assert project.trace.steps[Step.GENERATE].outputs[C] == Digest.of(THEIRS.encode())
    assert project.trace.adopted.keys() == {C}
    project.edit(P, "negates.", "negates it.")
    project.reply("generate", fenced(THEIRS.replace('"A calculator."', '"Sums."')))
    assert project.perform(Step.GENERATE) == [Operation.MERGE]
    assert MINE[1] in project.read(C)


def test_code_merged_to_what_was_generated_is_the_generators_again():
    project = _both(fenced(CODE.replace(*MINE)))
    project.reply("test", fenced(TESTS))
    project.sync()
    assert project.trace.adopted == {}


def test_changes_of_the_same_line_wait_for_a_person_who_keeps_the_edit():
    project = _both(fenced(SUMMED))
    mine = project.read(C)
    with pytest.raises(ConflictError, match="do not merge; yours is kept") as caught:
        project.sync()
    assert "doit merge calculator_python" in caught.value.hint
    assert project.read(C) == mine
    assert project.safety.copies == {}


def test_a_conflict_is_on_record_and_not_paid_for_again():
    project = _conflicted()
    assert project.trace.conflicts.keys() == {C}
    project.model.requests.clear()
    project.model.recorded.clear()
    with pytest.raises(ConflictError, match="do not merge"):
        project.sync()
    assert project.asked == []


def test_with_another_prompt_or_edit_a_merge_is_tried_again():
    project = _conflicted()
    project.edit(C, MINE[1], MINE[0])
    project.edit(C, "return a - b", "return 0 - (b - a)")
    project.reply("generate", fenced(SUMMED))
    project.sync()
    assert project.trace.conflicts == {}
    assert "sum((a, b))" in project.read(C)
    assert "0 - (b - a)" in project.read(C)


def test_a_conflict_whose_generated_side_is_lost_is_generated_again():
    project = _conflicted()
    generated = project.trace.conflicts[C].generated
    del project.baselines.kept[generated.raw]
    with pytest.raises(ConflictError, match="do not merge"):
        project.sync()
    assert generated.raw in project.baselines.kept


def test_keeping_the_code_ends_a_conflict():
    project = _conflicted()
    project.adopt()
    project.sync()
    assert project.trace.conflicts == {}
    assert MINE[1] in project.read(C)


def test_a_merge_that_fails_what_each_side_passes_waits_for_a_person():
    check = "not (add(1, 1.5) == 2.5 and add.__doc__ == 'Mine.' and neg(1) == -1)"
    project = _both(fenced(THEIRS + "\n\ndef neg(a):\n    return -a\n"))
    project.edit(C, "Return the sum.", "Mine.")
    head = "import calculator\nneg = getattr(calculator, 'neg', int)\n"
    tests = f"{head}{project.read(T)}\n\ndef test_it():\n    assert {check}\n"
    project.write(T, tests)
    mine = project.read(C)
    with pytest.raises(ConflictError, match="fail what each passes alone"):
        project.sync()
    assert project.read(C) == mine


def test_an_edit_that_is_no_text_is_not_merged():
    project = _both(fenced(THEIRS))
    project.disk[project.unit.code[0]] = b"x = 1\n\xff\n"
    with pytest.raises(ConflictError, match=r"calculator\.py:2: not UTF-8"):
        project.perform(Step.GENERATE)
    assert project.asked == []


def test_line_ends_of_the_edit_are_kept():
    project = _both(fenced(THEIRS))
    path = project.unit.code[0]
    project.disk[path] = project.disk[path].replace(b"\n", b"\r\n")
    project.perform(Step.GENERATE)
    assert b"-(b - a)\r\n" in project.disk[path]
    assert project.disk[path].count(b"\n") == project.disk[path].count(b"\r\n")


def test_what_a_prompt_forgotten_on_purpose_makes_anew_is_merged_with_an_adopted_edit():
    project = _both(fenced(THEIRS))
    project.sync()
    project.forget(Step.GENERATE)
    project.reply("generate", fenced(THEIRS))
    assert project.perform(Step.GENERATE) == [Operation.MERGE]
    assert MINE[1] in project.read(C)


def _advice(advice: str, confidence: float = 0.9) -> str:
    said = {"advice": advice, "because": "add and sub", "confidence": confidence}
    return json.dumps(said)


def _many(*advice: str) -> Project:
    """Return a unit in which both sides add more definitions than rules may join."""
    project = synced(merge_threshold=1)
    project.write(C, project.read(C) + "\n\ndef mine(a):\n    return a\n")
    project.edit(P, *WIDER)
    head = '"""A calculator."""\n\n\ndef neg(a):\n    return -a\n'
    wider = CODE.replace('"""A calculator."""\n', head)
    project.reply("generate", fenced(wider))
    project.reply("analysis", *advice)
    return project


def test_above_the_threshold_a_model_that_is_sure_may_let_rules_merge():
    project = _many(_advice("merge"))
    assert project.perform(Step.GENERATE) == [Operation.MERGE]
    assert project.asked == ["generate", "analysis"]
    assert "def mine" in project.read(C)
    assert "def neg" in project.read(C)


def test_at_the_threshold_no_model_is_asked():
    project = _many()
    project.set(merge_threshold=2)
    assert project.perform(Step.GENERATE) == [Operation.MERGE]
    assert project.asked == ["generate"]


def test_a_model_may_say_that_the_edit_does_it_already():
    project = _many(_advice("mine"))
    mine = project.read(C)
    project.perform(Step.GENERATE)
    assert project.read(C) == mine
    assert project.trace.adopted.keys() == {C}
    assert project.notes == ["your code is kept: add and sub"]
    assert Step.GENERATE not in project.due()


@pytest.mark.parametrize(
    "advice, said",
    [
        pytest.param((_advice("ask"),), "says ask, 0.9 sure: add", id="it says so"),
        pytest.param(
            (_advice("merge", 0.79),), "0.79 sure where 0.8 is needed: add", id="unsure"
        ),
        pytest.param(("no", "{}"), "no usable reply", id="not of its schema"),
    ],
)
def test_where_a_model_is_no_help_a_person_is_asked(advice, said):
    project = _many(*advice)
    mine = project.read(C)
    with pytest.raises(ConflictError, match="2 definitions were added or") as caught:
        project.perform(Step.GENERATE)
    assert said in caught.value.message
    assert project.read(C) == mine
    assert project.trace.conflicts.keys() == {C}


@pytest.mark.parametrize(
    "more, said",
    [
        pytest.param("def (:\n", "line 16: invalid syntax", id="syntax"),
        pytest.param("# <pdd-keep>\n", "line 16: ", id="a protected block"),
    ],
)
def test_an_edit_that_is_broken_is_refused_before_a_model_is_asked(more, said):
    project = _many()
    project.write(C, project.read(C) + more)
    with pytest.raises(ConflictError, match=f"your edit is broken: {said}"):
        project.perform(Step.GENERATE)
    assert project.asked == []


def test_a_reply_that_does_not_parse_is_never_merged():
    project = _both(fenced("def (:\n"), fenced(THEIRS))
    project.sync()
    assert MINE[1] in project.read(C)
    assert "-(b - a)" in project.read(C)


def test_tests_are_never_merged_away():
    project = _both(fenced(THEIRS))
    tests = project.read(T)
    project.sync()
    assert project.read(T) == tests


def test_a_prompt_in_sync_again_forgets_the_conflict():
    project = _conflicted()
    project.write(P, PROMPT)
    project.edit(C, MINE[1], MINE[0])
    project.sync()
    assert project.sync() == project.asked[1:] == []
