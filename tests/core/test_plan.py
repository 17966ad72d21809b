from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.plan.change import State
from pdd_tasks.core.plan.facts import Facts, Ran
from pdd_tasks.core.plan.plan import plan


EDITED_EXAMPLE = Facts(example=State.EDITED, example_run=Ran.NOT, verified=False)


def test_a_plan_has_a_decision_for_each_step_in_order():
    assert [d.step for d in plan(Facts()).decisions] == list(Step)


def test_what_is_due_has_something_to_do_or_to_say():
    due = plan(EDITED_EXAMPLE).due
    assert [(d.step, d.operation) for d in due] == [
        (Step.EXAMPLE, Operation.KEEP_EXAMPLE),
        (Step.CRASH, Operation.RUN_EXAMPLE),
    ]


def test_current_steps_after_the_first_due_one_may_follow():
    assert plan(EDITED_EXAMPLE).may_follow == (Step.VERIFY, Step.TEST, Step.FIX)


def test_nothing_follows_where_nothing_is_due():
    assert plan(Facts()).may_follow == ()


def test_the_plan_of_a_step_is_what_it_needs_and_itself():
    found = plan(EDITED_EXAMPLE).up_to(Step.VERIFY)
    assert [d.step for d in found.decisions][-2:] == [Step.CRASH, Step.VERIFY]
    assert found.may_follow == (Step.VERIFY,)


def test_what_a_step_needs_first_is_without_itself():
    found = plan(EDITED_EXAMPLE).first(Step.CRASH)
    assert [d.step for d in found.due] == [Step.EXAMPLE]
