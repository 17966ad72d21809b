import pytest
from decisions import Value, cases

from pdd_tasks.core.model.operation_graph import (
    ASKED_FOR,
    GIVEN,
    GRAPH,
    SAID,
    Thing,
    after,
    before,
    directly_before,
    maker,
)
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.plan.change import State
from pdd_tasks.core.plan.facts import Facts, Ran
from pdd_tasks.core.plan.plan import plan


EVERY_STEP = [pytest.param(step, id=step) for step in Step]
MISSING: dict[Thing, dict[str, Value]] = {
    Thing.CODE: {"code": State.ABSENT},
    Thing.EXAMPLE: {"example": State.ABSENT},
    Thing.GOOD_RUN: {"example_run": Ran.NOT},
    Thing.TESTS: {"test_run": Ran.NOT},
}
"""Thing → facts that say that it is not there."""


def test_every_step_is_in_the_graph():
    assert list(GRAPH) == list(Step)


@pytest.mark.parametrize("thing", [pytest.param(one, id=one) for one in Thing])
def test_every_thing_is_given_or_has_one_maker(thing):
    makers = [step for step in Step if thing in GRAPH[step].produces]
    assert len(makers) == (0 if thing in GIVEN else 1)
    assert maker(thing) == (makers[0] if makers else None)


@pytest.mark.parametrize("step", EVERY_STEP)
def test_what_a_step_needs_is_made_by_steps_before_it(step):
    chain = list(Step)
    makers = {maker(thing) for thing in GRAPH[step].needs - GIVEN}
    assert makers <= set(chain[: chain.index(step)])


@pytest.mark.parametrize("step", EVERY_STEP)
def test_the_graph_in_order_is_one_chain(step):
    earlier = tuple(Step)[: list(Step).index(step)]
    assert before(step) == earlier
    assert directly_before(step) == earlier[-1:]


@pytest.mark.parametrize("step", EVERY_STEP)
def test_what_comes_after_is_what_it_comes_before(step):
    assert after(step) == tuple(Step)[list(Step).index(step) + 1 :]


@pytest.mark.parametrize("step", EVERY_STEP)
def test_a_step_may_do_what_its_rows_lead_to(step):
    decided = {case.decision.operation for case in cases(step)}
    assert decided - SAID == GRAPH[step].operations


def test_every_operation_is_of_a_step_or_asked_for():
    of_steps = {one for node in GRAPH.values() for one in node.operations}
    assert of_steps | SAID | ASKED_FOR == set(Operation)
    assert not of_steps & (SAID | ASKED_FOR)


@pytest.mark.parametrize(
    "step, thing",
    [
        pytest.param(step, thing, id=f"{step} without {thing}")
        for step in Step
        for thing in sorted(GRAPH[step].requires - GIVEN)
    ],
)
def test_a_step_does_nothing_without_what_it_requires(step, thing):
    without = [case for case in cases(step) if case.has(**MISSING[thing])]
    assert without
    assert {case.decision.operation for case in without} <= SAID


@pytest.mark.parametrize(
    "thing, facts",
    [
        pytest.param(Thing.INCLUDES, Facts(deps_due=True), id="includes"),
        pytest.param(Thing.AGREEMENT, Facts(code=State.EDITED), id="agreement"),
        pytest.param(Thing.CODE, Facts(code=State.ABSENT), id="code"),
        pytest.param(Thing.EXAMPLE, Facts(example=State.ABSENT), id="example"),
        pytest.param(Thing.GOOD_RUN, Facts(example_run=Ran.NOT), id="good run"),
        pytest.param(Thing.VERDICT, Facts(verified=False), id="verdict"),
        pytest.param(Thing.TESTS, Facts(tests=State.ABSENT), id="tests"),
        pytest.param(Thing.PASSING, Facts(test_run=Ran.FAILED), id="passing tests"),
    ],
)
def test_what_is_missing_makes_its_maker_due(thing, facts):
    assert maker(thing) in [decision.step for decision in plan(facts).due]
