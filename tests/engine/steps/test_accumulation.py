from collections.abc import Sequence

import pytest
from calculator_texts import CODE, PROMPT, TESTS, C, P, T, fenced, judged, usual
from memory_project import Project, forget_past, synced

from pdd_tasks.adapters.python.syntax import PythonSyntax
from pdd_tasks.core.merge.accumulated import Accumulated
from pdd_tasks.core.model.settings import Strictness
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.errors import StepError


ADD = "from calculator import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n"
SUB = "from calculator import sub\n\n\ndef test_sub():\n    assert sub(3, 1) == 2\n"
WRONG = SUB.replace("== 2", "== 1")
FLAKY = """\
import seed
from calculator import sub


def test_sub():
    assert sub(3, 1) == 2 + (seed.value > 1)
"""
ZERO = "\n\ndef test_zero():\n    assert add(0, 0) == 0\n"
WRONG_ZERO = ADD.replace("test_add", "test_zero")
WRONG_ZERO = WRONG_ZERO.replace("add(1, 2)", "add(0, 0)")


MARKING = """\
from calculator import add, sub


def mark(function):
    sub.marked = True
    return function
"""
MARKED_ZERO = ZERO.replace("def test_zero", "@mark\ndef test_zero")


class Losing(PythonSyntax):
    """Puts the new tests in the place of the old ones."""

    def accumulated(
        self, old: str, new: str, around: Sequence[str] = ()
    ) -> Accumulated:
        del old, around
        return Accumulated(text=new, added=tuple(self.tests(new)), refused={})


class Sharing(PythonSyntax):
    """Keeps what it was told that tests share."""

    def accumulated(
        self, old: str, new: str, around: Sequence[str] = ()
    ) -> Accumulated:
        self.around = list(around)
        return super().accumulated(old, new, around)


def _untested(*replies: str | Exception, **settings: object) -> Project:
    project = Project({P: PROMPT}, {**usual(), "test": list(replies)})
    project.set(**settings)
    for step in (Step.GENERATE, Step.EXAMPLE, Step.CRASH, Step.VERIFY):
        project.perform(step)
    forget_past(project)
    return project


def test_tests_are_added_and_proven_as_often_as_wanted():
    project = _untested(fenced(TESTS), stability_runs=4)
    assert project.perform(Step.TEST) == [Operation.ADD_TESTS]
    assert project.read(T) == TESTS
    assert project.runner.runs == ["tests measured", "tests", "tests", "tests"]
    assert project.notes == ["2 tests added", "2 passed, coverage 100.0 %"]
    assert project.due().keys() == {Step.AUTO_DEPS}


def test_more_is_asked_for_while_coverage_is_low():
    project = _untested(fenced(ADD), fenced(SUB))
    project.perform(Step.TEST)
    assert project.asked == ["test", "test"]
    assert "test_add" in project.read(T)
    assert "test_sub" in project.read(T)
    assert "names that no test mentions" in project.request()
    assert "Tests that exist" in project.request()


def test_a_new_test_that_fails_is_dropped_and_said():
    project = _untested(fenced(ADD + ZERO.replace("== 0", "== 1")), target_coverage=50)
    project.perform(Step.TEST)
    assert project.read(T) == ADD
    (said,) = [note for note in project.notes if note.startswith("not kept")]
    assert said.startswith("not kept: test_zero: tests/test_calculator.py::test_zero")


def test_what_was_dropped_and_why_is_told_with_the_next_request():
    project = _untested(fenced(ADD), fenced(WRONG), fenced(SUB))
    project.perform(Step.TEST)
    assert "- test_sub: tests/test_calculator.py::test_sub: Asser" in project.request()


def test_what_only_a_dropped_test_needed_is_dropped_with_it():
    project = synced()
    project.forget(Step.TEST)
    helped = """\
import math
import os
from calculator import add, sub


def wrong():
    return math.pi


def test_pi():
    assert add(0, 0) == wrong()


def test_zero():
    assert sub(0, 0) == len(os.sep) - 1
"""
    project.reply("test", fenced(helped))
    project.sync()
    assert "def test_zero" in project.read(T)
    assert "import os" in project.read(T)
    assert not {"math", "wrong", "test_pi"} & set(project.read(T).split())
    assert "wrong" not in project.read(T)


def test_dropped_tests_that_had_one_name_are_both_taken_out():
    project = synced()
    project.forget(Step.TEST)
    twice = """\
from calculator import add


def test_new():
    assert add(0, 0) == 1


def test_new():
    assert add(0, 0) == 2


def test_kept():
    assert add(0, 0) == 0
"""
    project.reply("test", fenced(twice))
    project.sync()
    assert "def test_kept" in project.read(T)
    assert "test_new" not in project.read(T)


def test_a_new_test_that_is_not_stable_is_dropped():
    project = _untested(fenced(ADD), fenced(FLAKY), fenced(SUB))
    project.perform(Step.TEST)
    assert "seed" not in project.read(T)
    dropped = [note for note in project.notes if note.startswith("not kept: test_sub")]
    assert "not stable" in dropped[0]


def test_new_tests_that_disturb_the_old_are_all_refused():
    project = synced()
    counting = "def test_first():\n    assert calculator.sub.__dict__ == {}\n"
    project.write(T, "import calculator\n\n\n" + counting)
    project.perform(Step.TEST)
    project.forget(Step.TEST)
    project.reply("test", fenced(MARKING + MARKED_ZERO), fenced(ADD), fenced(SUB))
    project.sync()
    assert "mark" not in project.read(T)
    assert "not kept: test_zero: it disturbs the others" in project.notes


def test_new_tests_that_cannot_be_loaded_are_refused_with_the_reason():
    gone = SUB.replace("import sub", "import gone")
    project = _untested(fenced(gone), fenced(ADD), fenced(SUB))
    project.perform(Step.TEST)
    [note] = [note for note in project.notes if note.startswith("not kept: test_sub")]
    assert "cannot import name 'gone'" in note


def test_new_tests_that_hide_an_older_one_are_all_refused():
    project = synced()
    project.forget(Step.TEST)
    hiding = MARKING.replace("sub.marked = True", 'globals().pop("test_add")')
    project.reply("test", fenced(hiding + MARKED_ZERO))
    project.sync()
    assert project.read(T) == TESTS
    assert "not kept: test_zero: it disturbs the others" in project.notes


@pytest.mark.parametrize(
    "never, why",
    [
        pytest.param(
            "import unittest\n\n\ndef test_new():\n    raise unittest.SkipTest\n",
            "test_new: it was skipped",
            id="skipped",
        ),
        pytest.param(
            "class TestNew:\n    def test_new(self):\n        assert True\n",
            "TestNew::test_new: it was not run",
            id="not run",
        ),
    ],
)
def test_a_new_test_that_never_passed_is_dropped(never, why):
    project = _untested(fenced(TESTS + "\n\n" + never))
    project.perform(Step.TEST)
    assert project.read(T).startswith(TESTS.rstrip())
    assert "test_new" not in project.read(T)
    assert f"not kept: {why}" in project.notes


def test_what_the_tests_of_a_folder_share_is_looked_at():
    project = synced()
    project.write("tests/conftest.py", "A = 1\n")
    project.write("conftest.py", "B = 2\n")
    project.forget(Step.TEST)
    project.syntax = Sharing()
    project.reply("test", fenced(ADD))
    project.sync()
    assert project.syntax.around == ["A = 1\n", "B = 2\n"]


def test_prose_is_objected_to_and_given_up_on():
    project = _untested("No.", fenced(CODE), "No.", fenced(TESTS))
    for _ in range(2):
        with pytest.raises(StepError, match="attempts"):
            project.perform(Step.TEST)
    assert project.model.rejected[1] == "the reply holds no test"
    assert len(project.asked) == 3
    assert project.due()[Step.TEST] is Operation.GAVE_UP


def test_where_no_test_can_be_kept_it_gives_up_and_is_not_paid_again():
    project = _untested(fenced(WRONG), fenced(WRONG_ZERO), fenced(WRONG), fenced(TESTS))
    for _ in range(2):
        with pytest.raises(StepError, match="no generated test could be kept"):
            project.perform(Step.TEST)
    assert project.asked == ["test"] * 3
    assert project.unit.test not in project.disk


def test_forgetting_it_draws_new_tests():
    project = _untested(fenced(WRONG), fenced(WRONG_ZERO), fenced(WRONG), fenced(TESTS))
    with pytest.raises(StepError):
        project.perform(Step.TEST)
    project.forget(Step.TEST)
    project.perform(Step.TEST)
    assert [r.sample for r in project.model.requests] == [0, 0, 0, 3]
    assert project.read(T) == TESTS


def test_coverage_that_stays_low_is_a_warning_and_not_paid_again():
    project = _untested(fenced(ADD), fenced(ADD), fenced(ADD))
    project.perform(Step.TEST)
    assert project.notes[-1] == "warning: coverage 50.0 % stays below 90 %"
    assert Step.TEST not in project.due()
    forget_past(project)
    assert project.perform(Step.TEST) == []


def test_coverage_that_stays_low_fails_where_it_is_required():
    project = _untested(
        fenced(ADD), fenced(ADD), fenced(ADD), coverage=Strictness.REQUIRED
    )
    for _ in range(2):
        with pytest.raises(StepError, match=r"coverage 50\.0 % stays below 90 %"):
            project.perform(Step.TEST)
    assert len(project.asked) == 3
    assert project.read(T) == ADD


def test_coverage_counts_to_two_places_everywhere():
    third = CODE + "\n\ndef mul(a, b):\n    return a * b\n"
    project = Project({P: PROMPT}, {**usual(), "generate": [fenced(third)]})
    project.set(target_coverage=66.67, coverage=Strictness.REQUIRED)
    project.sync()
    assert project.asked.count("test") == 1
    assert project.sync() == []


def test_another_target_is_another_state():
    project = _untested(fenced(ADD), fenced(ADD), fenced(ADD))
    project.perform(Step.TEST)
    project.set(target_coverage=80)
    assert project.due()[Step.TEST] is Operation.ADD_TESTS
    project.set(target_coverage=50)
    assert Step.TEST not in project.due()


def test_blanks_at_line_ends_are_none():
    project = _untested(fenced(ADD), fenced(ADD), fenced(ADD))
    project.perform(Step.TEST)
    project.edit(C, "    return a + b\n", "    return a + b  \n")
    forget_past(project)
    assert project.perform(Step.TEST) == [Operation.RUN_TESTS]


def test_behaviour_that_generation_changed_is_tested():
    project = synced()
    project.edit(P, "their difference", "their whole difference")
    project.reply("generate", fenced(CODE.replace("a - b", "int(a - b)")))
    project.reply("verify", judged(project.read(P)))
    project.reply(
        "test",
        fenced(
            SUB.replace("test_sub", "test_whole").replace("3", "4").replace("2", "3")
        ),
    )
    project.sync()
    assert project.asked == ["generate", "verify", "test"]
    assert "def test_whole" in project.read(T)
    assert "def test_sub" in project.read(T)


def test_tests_it_could_not_write_for_changed_behaviour_are_missed_until_forgotten():
    project = synced()
    project.edit(P, "their difference", "their whole difference")
    project.reply("generate", fenced(CODE.replace("a - b", "int(a - b)")))
    project.reply("verify", judged(project.read(P)))
    project.reply("test", "no", "no", "no")
    for _ in range(2):
        with pytest.raises(StepError, match="prose"):
            project.sync()
    assert project.asked.count("test") == 3


def test_code_of_another_layout_is_not_tested_again():
    project = synced()
    project.edit(P, "their difference", "the difference of the two")
    project.reply("generate", fenced(CODE.replace("Return the difference", "Subtract")))
    project.reply("verify", judged(project.read(P)))
    project.sync()
    assert project.asked == ["generate", "verify"]


def test_forgotten_tests_are_added_to():
    project = synced()
    project.forget(Step.TEST)
    project.reply("test", fenced(TESTS + ZERO))
    assert project.perform(Step.TEST) == [Operation.ADD_TESTS]
    assert project.read(T).startswith(TESTS.rstrip())
    assert project.read(T).count("def test_") == 3


def test_a_forgotten_step_that_finds_nothing_new_is_answered():
    project = synced()
    project.forget(Step.TEST)
    project.reply("test", fenced(TESTS))
    project.perform(Step.TEST)
    assert project.read(T) == TESTS
    assert project.due() == {}


def test_tests_are_added_in_the_style_of_the_file():
    project = synced()
    project.write(T, TESTS.replace("\n", "\r\n"))
    project.sync()
    project.forget(Step.TEST)
    project.reply(
        "test", fenced(TESTS + "\n\ndef test_zero():\n    assert not add(0, 0)\n")
    )
    project.perform(Step.TEST)
    assert "def test_zero" in project.read(T)
    assert project.read(T).count("\n") == project.read(T).count("\r\n")


def test_tests_are_not_published_if_an_old_one_is_lost():
    project = synced()
    project.forget(Step.TEST)
    project.syntax = Losing()
    project.reply("test", fenced(ADD))
    with pytest.raises(StepError, match="adding tests would lose test_sub"):
        project.perform(Step.TEST)
    assert project.read(T) == TESTS


def test_a_test_file_that_is_no_text_is_not_added_to():
    project = synced()
    latin = b"# -*- coding: latin-1 -*-\n# \xe9\n"
    project.disk[project.unit.test] = latin + TESTS.encode()
    project.perform(Step.TEST)
    project.forget(Step.TEST)
    with pytest.raises(StepError, match="is not UTF-8 text"):
        project.perform(Step.TEST)
    assert b"\xe9" in project.disk[project.unit.test]


def test_an_empty_test_file_is_no_tests():
    project = synced()
    project.write(T, "# none yet\n")
    project.reply("test", fenced(TESTS))
    assert project.sync() == [Operation.RUN_TESTS, Operation.ADD_TESTS]
    assert "# none yet" in project.read(T)


def test_without_a_way_to_measure_any_test_is_enough():
    project = _untested(fenced(ADD))
    project.without("measure")
    project.perform(Step.TEST)
    assert project.notes == ["1 test added", "1 passed, coverage unknown"]
    assert Step.TEST not in project.due()


def test_coverage_that_an_edit_of_the_tests_lost_is_said_and_not_bought_back():
    project = synced()
    project.write(T, ADD)
    forget_past(project)
    assert project.sync() == [Operation.RUN_TESTS, Operation.KEEP_TESTS]
    assert any("doit forget" in note for note in project.notes)
    assert project.sync() == project.asked == []


def test_coverage_that_is_required_and_lost_by_an_edit_fails_and_buys_nothing():
    project = synced()
    project.write(T, ADD)
    project.set(coverage=Strictness.REQUIRED)
    forget_past(project)
    for _ in range(2):
        with pytest.raises(StepError, match="after they were edited"):
            project.sync()
    assert project.asked == []


def test_replies_that_cannot_be_used_leave_low_coverage_a_warning():
    project = _untested(fenced(ADD), "No.", "No.")
    project.perform(Step.TEST)
    assert project.read(T) == ADD
    assert any(note.startswith("not kept: reply 3: ") for note in project.notes)
    assert project.perform(Step.TEST) == []


def test_every_reply_is_an_attempt():
    project = _untested("No.", fenced(WRONG), "No.", "No.")
    with pytest.raises(StepError, match="attempts"):
        project.perform(Step.TEST)
    assert len(project.asked) == 3
