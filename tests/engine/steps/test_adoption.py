import pytest
from calculator_texts import CODE, EXAMPLE, PROMPT, TESTS, C, E, P, T, fenced, judged
from fakes import trace_path
from memory_project import Project, forget_past, synced

from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.plan.change import State
from pdd_tasks.engine.observe import observe
from pdd_tasks.errors import ConflictError, StepError


ALL = {P: PROMPT, C: CODE, E: EXAMPLE, T: TESTS}
LAYOUT = [
    pytest.param("return a + b", "return (a + b)  # the sum", id="a comment"),
    pytest.param("A calculator", "My calculator", id="a docstring"),
    pytest.param("return a + b", "return a+b", id="blanks"),
]
SUB_TEST = "from calculator import sub\n\n\ndef test_it():\n    assert sub(3, 1) == 2\n"
EDIT = ("return a + b", "return b + a")


def _states(project: Project) -> tuple[State, State, State]:
    facts = observe(project.world(), project.unit).facts
    return facts.code, facts.example, facts.tests


def test_what_stands_is_adopted_run_and_left_alone():
    project = Project(ALL)
    before = dict(project.disk)
    assert project.sync() == [
        Operation.ADOPT,
        Operation.RUN_EXAMPLE,
        Operation.RUN_TESTS,
    ]
    assert {path: project.disk[path] for path in before} == before
    assert project.asked == []
    assert project.sync() == []


def test_what_was_adopted_counts_as_a_persons():
    project = Project(ALL)
    project.sync()
    assert _states(project) == (State.ADOPTED, State.ADOPTED, State.RECORDED)


def test_a_change_of_the_prompt_asks_before_adopted_code_is_replaced():
    project = Project(ALL)
    project.sync()
    project.edit(P, "their difference", "the difference of the two")
    with pytest.raises(ConflictError, match="the code is a person's and is kept"):
        project.sync()
    assert project.read(C) == CODE
    assert project.asked == []


def test_a_lost_fingerprint_is_made_again_without_a_request():
    project = synced()
    del project.disk[trace_path(project.unit.id)]
    assert project.sync() == [Operation.ADOPT]
    assert project.asked == []
    assert project.runner.runs == []


def test_a_lost_run_report_costs_two_runs():
    project = synced()
    for path in [path for path in project.disk if path.name.endswith("_run.json")]:
        del project.disk[path]
    assert project.sync() == [Operation.RUN_EXAMPLE, Operation.RUN_TESTS]


def test_only_code_stands_and_the_rest_is_made():
    project = Project({P: PROMPT, C: CODE}, {})
    project.reply("example", fenced(EXAMPLE))
    project.reply("verify", judged())
    project.reply("test", fenced(TESTS))
    assert project.sync() == [
        Operation.ADOPT,
        Operation.WRITE_EXAMPLE,
        Operation.RUN_EXAMPLE,
        Operation.JUDGE,
        Operation.ADD_TESTS,
    ]
    assert project.read(C) == CODE


def test_what_a_person_wrote_first_is_kept_while_code_is_generated():
    project = Project({P: PROMPT, E: EXAMPLE, T: TESTS})
    project.reply("generate", fenced(CODE))
    project.reply("verify", judged())
    project.sync()
    assert project.asked == ["generate", "verify"]
    assert (project.read(E), project.read(T)) == (EXAMPLE, TESTS)
    assert project.sync() == []


def test_code_at_a_new_place_is_adopted_and_the_other_records_stay():
    project = synced()
    project.move_code("src/calculator2.py")
    assert project.perform(Step.AUTO_DEPS) == [Operation.ADOPT]
    assert project.trace.steps[Step.TEST].outputs.keys() == {T}
    assert _states(project)[0] is State.ADOPTED


@pytest.mark.parametrize("old, new", LAYOUT)
def test_an_edit_of_layout_is_adopted_without_a_model(old, new):
    project = synced()
    project.edit(C, old, new)
    assert project.sync() == [
        Operation.ADOPT_EDIT,
        Operation.RUN_EXAMPLE,
        Operation.RUN_TESTS,
    ]
    assert project.asked == []
    assert new in project.read(C)
    assert project.sync() == []


def test_a_second_edit_of_layout_is_adopted_as_well():
    project = synced()
    for old, new in (("A calculator", "My calculator"), ("My calculator", "Mine")):
        project.edit(C, old, new)
        assert project.sync()[0] is Operation.ADOPT_EDIT
    assert project.asked == []


def test_an_edit_of_layout_that_is_taken_back_is_as_if_it_never_was():
    project = synced()
    project.edit(C, "A calculator", "My calculator")
    project.sync()
    project.edit(C, "My calculator", "A calculator")
    project.reply("verify", judged())
    project.sync()
    assert _states(project)[0] is State.RECORDED
    assert project.asked == []


def test_an_edit_of_layout_hides_no_step_that_was_due():
    project = synced()
    project.edit(P, "their difference", "the difference of the two")
    wider = CODE.replace("def sub(a, b):", "def sub(a, b, c=0):")
    project.reply("generate", fenced(wider))
    project.perform(Step.GENERATE)
    project.edit(C, "A calculator", "My calculator")
    project.perform(Step.UPDATE)
    assert project.due()[Step.EXAMPLE] is Operation.WRITE_EXAMPLE
    assert not observe(project.world(), project.unit).facts.verified


def test_an_edit_of_layout_hides_no_edit_of_the_tests():
    project = synced()
    project.edit(C, "A calculator", "My calculator")
    project.edit(T, "add(1, 2) == 3", "add(2, 2) == 4")
    done = project.sync()
    assert Operation.KEEP_TESTS in done
    assert project.asked == []


def test_an_edit_is_compared_with_lost_bytes_as_a_change():
    project = synced()
    project.edit(C, "A calculator", "My calculator")
    project.baselines.kept.clear()
    assert project.due()[Step.UPDATE] is not Operation.ADOPT_EDIT


def test_an_example_edited_by_hand_is_kept_run_and_judged():
    project = synced()
    project.edit(E, "print(add(1, 2))", "print(add(40, 2))")
    project.reply("verify", judged())
    assert project.sync() == [
        Operation.KEEP_EXAMPLE,
        Operation.RUN_EXAMPLE,
        Operation.JUDGE,
    ]
    assert "add(40, 2)" in project.read(E)
    assert project.sync() == []


def test_tests_edited_by_hand_are_kept_and_buy_nothing():
    project = synced()
    project.edit(T, "assert add(1, 2) == 3", "assert add(2, 2) == 4")
    assert project.sync() == [Operation.RUN_TESTS, Operation.KEEP_TESTS]
    assert project.asked == []
    assert "add(2, 2)" in project.read(T)


def test_more_test_files_by_hand_are_kept_and_buy_nothing():
    project = synced()
    project.with_more_tests("tests/test_calculator_more.py", SUB_TEST)
    assert project.sync() == [Operation.RUN_TESTS, Operation.KEEP_TESTS]
    assert project.due() == {}


def test_a_deleted_test_that_covered_nothing_of_its_own_buys_nothing():
    project = synced()
    project.edit(T, "\n\ndef test_add():\n    assert add(1, 2) == 3\n", "")
    assert project.sync() == [Operation.RUN_TESTS, Operation.KEEP_TESTS]
    assert project.asked == []


def test_the_example_plays_no_part():
    project = synced()
    project.edit(E, "print(add(1, 2))", "print(add(4, 2))")
    project.reply("verify", judged())
    project.sync()
    assert project.asked == ["verify"]


def test_tests_edited_by_hand_that_fail_are_not_kept_as_good():
    project = synced()
    project.edit(T, "add(1, 2) == 3", "add(1, 2) == 4")
    project.reply("fix", "no", "no", "no")
    with pytest.raises(StepError):
        project.sync()
    assert _states(project)[2] is State.EDITED
    assert "add(1, 2) == 4" in project.read(T)


def test_an_edit_is_adopted_on_request():
    project = synced()
    project.edit(C, *EDIT)
    project.adopt()
    assert project.sync() == [Operation.RUN_EXAMPLE, Operation.RUN_TESTS]
    assert _states(project)[0] is State.ADOPTED


def test_both_changed_is_settled_by_adopting():
    project = synced()
    project.edit(C, *EDIT)
    project.edit(P, "their difference", "the difference of the two")
    project.baselines.kept.clear()
    with pytest.raises(ConflictError):
        project.sync()
    project.adopt()
    assert project.trace.history[-1].because == "adopted on request"
    assert Step.UPDATE not in project.due()
    assert Step.GENERATE not in project.due()


def test_adopting_on_request_runs_nothing_and_asks_nobody():
    project = Project(ALL)
    project.adopt()
    assert project.runner.runs == project.asked == []
    assert project.trace.adopted.keys() == {C, E}


def test_adopting_what_is_adopted_writes_nothing():
    project = Project(ALL)
    project.adopt()
    forget_past(project)
    project.adopt()
    assert project.publisher.published == []


def test_adopting_without_code_does_nothing():
    project = Project({P: PROMPT})
    forget_past(project)
    project.adopt()
    assert project.publisher.published == []


def test_adopting_code_as_it_was_generated_leaves_it_ours():
    project = synced()
    project.adopt()
    assert _states(project)[0] is State.RECORDED
    assert project.sync() == []
