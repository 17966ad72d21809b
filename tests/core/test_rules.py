from dataclasses import replace
from itertools import product

import pytest
from decisions import Case, Value, cases
from hypothesis import given
from hypothesis import strategies as st

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.step import OVERWRITES, PAID, Operation, Step
from pdd_tasks.core.plan.change import HAND_WRITTEN, State
from pdd_tasks.core.plan.facts import Facts, Ran
from pdd_tasks.core.plan.plan import plan
from pdd_tasks.core.plan.rules import REPAIRS, RULES, blocked, decide


EDITS = frozenset({State.LAYOUT, State.EDITED})
NEVER_MADE = frozenset({State.UNRECORDED, State.ADOPTED, *EDITS})
EVERY_STEP = [pytest.param(step, id=step) for step in Step]
BAD = [pytest.param(Ran.FAILED, id="failed"), pytest.param(Ran.BROKEN, id="broken")]


def _of_kind(kind):
    if kind is bool:
        return st.booleans()
    return st.integers(0, 1000) if kind is int else st.sampled_from(kind)


facts_of_any_kind = st.builds(
    Facts,
    gave_up=st.frozensets(st.sampled_from(Step)),
    forgotten=st.frozensets(st.sampled_from(Step)),
    left_out=st.frozensets(st.sampled_from(Step)),
    passed_over=st.frozensets(st.sampled_from(Step)),
    blocked=st.frozensets(st.sampled_from(Step)),
    tolerated=st.frozensets(st.sampled_from(Step)),
    **{
        name: _of_kind(kind)
        for name, kind in Facts.__annotations__.items()
        if isinstance(kind, type)
    },
)


def _paid(step: Step, **facts: Value) -> set[Operation]:
    """Return what a step may pay for in all the cases that have these facts."""
    found = {case.decision.operation for case in cases(step) if case.has(**facts)}
    return found & PAID


def _can_be_observed(case: Case) -> bool:
    """Return whether facts of a case can come from one look at a unit.

    What a person forgot on purpose no longer counts as given up.
    """
    return not (case.known.get("gave_up") and case.known.get("forgotten"))


@pytest.mark.parametrize("step", EVERY_STEP)
def test_there_is_a_decision_in_every_case(step):
    assert {case.decision.step for case in cases(step)} == {step}


@pytest.mark.parametrize("step", EVERY_STEP)
def test_every_row_is_reached(step):
    reached = [case.rule for case in cases(step) if _can_be_observed(case)]
    assert [rule.facts for rule in RULES[step] if rule not in reached] == []


@pytest.mark.parametrize("step", EVERY_STEP)
def test_every_row_says_its_facts_and_its_reason_in_words(step):
    assert all(rule.facts and rule.because for rule in RULES[step])
    words = [rule.facts for rule in RULES[step]]
    assert len(words) == len(set(words))


@given(facts=facts_of_any_kind)
def test_any_facts_are_one_case_of_each_step(facts):
    for step in Step:
        settled = {
            name: frozenset(value & {step}) if isinstance(value, frozenset) else value
            for name, value in ((n, getattr(facts, n)) for n in Facts.__annotations__)
            if name != "why"
        }
        fitting = [
            case for case in cases(step) if case.known.items() <= settled.items()
        ]
        assert [case.decision for case in fitting] == [decide(facts, step)]


@given(facts=facts_of_any_kind)
def test_details_for_people_change_the_reason_and_nothing_else(facts):
    topics = {rule.topic for rules in RULES.values() for rule in rules if rule.topic}
    told = replace(facts, why=dict.fromkeys(topics, "the detail"))
    for step in Step:
        plain, detailed = decide(facts, step), decide(told, step)
        assert replace(detailed, because=plain.because) == plain


def test_a_detail_follows_its_reason():
    facts = Facts(prompt_changed=True, why={"prompt": "prompts/a_python.prompt"})
    because = decide(facts, Step.GENERATE).because
    assert because == "the prompt changed: prompts/a_python.prompt"


def test_a_unit_in_sync_has_nothing_to_do():
    assert plan(Facts()).due == ()


def test_nothing_is_due_only_where_all_that_can_run_ran_well():
    states = dict.fromkeys(("code", "example", "tests"), State)
    runs = dict.fromkeys(("example_run", "test_run"), Ran)
    able = dict.fromkeys(("can_run", "can_test"), (False, True))
    fields = {**states, **runs, **able}
    for values in product(*fields.values()):
        facts = Facts(**dict(zip(fields, values, strict=True)))
        if plan(facts).due == ():
            example = (facts.example is not State.ABSENT, facts.example_run)
            tests = (facts.tests is not State.ABSENT, facts.test_run)
            assert facts.code is not State.ABSENT
            assert example == (True, Ran.GOOD) or not facts.can_run
            assert tests == (True, Ran.GOOD) or not facts.can_test


def _replaced(case):
    """Return what of a person a case's operation replaces."""
    operation = case.decision.operation
    replaced = OVERWRITES.get(operation, frozenset())
    if operation is Operation.REPAIR and case.known.get("fix") is True:
        replaced = frozenset({Artifact.CODE})
    return {a for a in replaced if case.known[a] in HAND_WRITTEN}


@pytest.mark.parametrize("step", EVERY_STEP)
def test_a_persons_bytes_are_replaced_only_on_request_and_with_a_copy(step):
    for case in cases(step):
        written = _replaced(case)
        assert case.decision.copies == written, case
        if written and case.decision.operation in REPAIRS:
            assert written == {Artifact.CODE}, case
            assert case.known["fix"] is True, case
        elif written and case.decision.operation is not Operation.MERGE:
            assert {case.known[a] for a in written} == {State.ADOPTED}, case
            assert case.known["force"] is True, case


@pytest.mark.parametrize("step", EVERY_STEP)
def test_force_only_skips_a_question(step):
    for case in cases(step):
        if case.known.get("force") is not True:
            continue
        asked = next(
            other
            for other in cases(step)
            if other.known == {**case.known, "force": False}
        )
        assert asked.decision.operation is Operation.STOP, asked
        if case.decision.operation is not Operation.STOP:
            assert "force=1" in asked.decision.hint
            assert asked.decision.because.startswith(case.decision.because)


@pytest.mark.parametrize(
    "step", [pytest.param(s, id=s) for s in Step if s is not Step.GENERATE]
)
def test_without_code_only_generating_is_paid_for(step):
    assert _paid(step, code=State.ABSENT, deps_choice=False) == set()


def test_what_a_prompt_needs_is_paid_for_only_where_a_model_may_choose():
    assert _paid(Step.AUTO_DEPS, deps_choice=False) == set()
    assert _paid(Step.AUTO_DEPS) == {Operation.CHOOSE_DEPS}


def test_prompt_and_code_both_changed_are_merged_or_wait_for_a_person():
    both = [
        case
        for case in cases(Step.GENERATE)
        if case.has(prompt_changed=True, gave_up=frozenset())
        and not case.decision.left_out
        and case.known["code"] in EDITS
    ]
    merged = [case for case in both if case.decision.operation is Operation.MERGE]
    assert {case.decision.operation for case in both} == {
        Operation.MERGE,
        Operation.STOP,
    }
    assert all(case.has(merge_base=True, conflicted=False) for case in merged)


def test_what_was_tried_to_merge_in_vain_is_not_tried_again():
    for case in cases(Step.GENERATE):
        if case.known.get("conflicted") is True:
            assert case.decision.operation is Operation.STOP, case


@pytest.mark.parametrize(
    "artifact",
    [
        pytest.param(Artifact.CODE, id="code"),
        pytest.param(Artifact.EXAMPLE, id="example"),
    ],
)
def test_no_edit_since_the_last_sync_is_replaced_unless_its_repair_is_asked_for(
    artifact,
):
    for step in Step:
        for case in cases(step):
            asked_for = case.known.get("fix") is True
            if case.may_be(artifact, HAND_WRITTEN - {State.ADOPTED}) and not asked_for:
                merges = case.decision.operation is Operation.MERGE
                touched = OVERWRITES.get(case.decision.operation, frozenset())
                assert merges or artifact not in touched, case


def test_a_repair_needs_something_that_no_person_wrote():
    for case in cases(Step.CRASH):
        asked_for = case.known.get("fix") is True
        if case.decision.operation is Operation.REPAIR and not asked_for:
            touched = {case.known["code"]}
            if case.known.get("example_run") in {Ran.FAILED, Ran.BROKEN}:
                touched.add(case.known["example"])
            assert not touched <= HAND_WRITTEN, case


@pytest.mark.parametrize("step", EVERY_STEP)
def test_what_a_step_gave_up_on_is_never_paid_for_again(step):
    gave_up = frozenset({step})
    assert _paid(step, gave_up=gave_up, forgotten=frozenset()) == set()


@pytest.mark.parametrize("step", EVERY_STEP)
def test_where_a_step_gave_up_it_says_how_to_retry(step):
    for case in cases(step):
        if case.decision.operation is Operation.GAVE_UP:
            assert f"doit forget sync:{{unit}}:{step}" in case.decision.hint


@pytest.mark.parametrize("step", EVERY_STEP)
def test_a_person_who_must_decide_is_told_what_to_type(step):
    for case in cases(step):
        if case.decision.operation is Operation.STOP:
            assert "`" in case.decision.hint, case


@pytest.mark.parametrize("step", EVERY_STEP)
@pytest.mark.parametrize(
    "artifact",
    [pytest.param("tests", id="tests"), pytest.param("example", id="example")],
)
@pytest.mark.parametrize("state", sorted(NEVER_MADE))
def test_a_persons_tests_or_example_buy_no_tests(step, artifact, state):
    facts = {artifact: state, "coverage_low": False, "behaviour_changed": False}
    present = {"code": State.RECORDED, "forgotten": frozenset()}
    bought = _paid(step, **{"tests": State.RECORDED, **facts, **present})
    assert Operation.ADD_TESTS not in bought


def test_a_persons_tests_that_pass_are_kept():
    for state in NEVER_MADE:
        assert decide(Facts(tests=state), Step.TEST).operation is Operation.KEEP_TESTS


@pytest.mark.parametrize("step", EVERY_STEP)
def test_nothing_is_paid_for_before_what_is_free_has_run(step):
    waiting: dict[Step, dict[str, Value]] = {
        Step.UPDATE: {"example": State.RECORDED, "example_run": Ran.NOT},
        Step.CRASH: {"example": State.RECORDED, "example_run": Ran.NOT},
        Step.VERIFY: {"example_run": Ran.NOT},
        Step.TEST: {"tests": State.RECORDED, "test_run": Ran.NOT},
        Step.FIX: {"test_run": Ran.NOT},
    }
    if step in waiting:
        assert _paid(step, can_run=True, can_test=True, **waiting[step]) == set()


@pytest.mark.parametrize("step", [Step.VERIFY, Step.TEST])
@pytest.mark.parametrize("ran", BAD)
def test_a_bad_run_is_neither_judged_nor_tested_further(step, ran):
    run = "example_run" if step is Step.VERIFY else "test_run"
    assert _paid(step, tests=State.RECORDED, **{run: ran}) == set()


def test_a_language_without_commands_is_only_generated():
    facts = Facts(
        example=State.ABSENT,
        tests=State.ABSENT,
        example_run=Ran.NOT,
        test_run=Ran.NOT,
        verified=False,
        can_run=False,
        can_test=False,
        prompt_changed=True,
    )
    assert [d.operation for d in plan(facts).due] == [Operation.GENERATE]


@pytest.mark.parametrize("step", EVERY_STEP)
def test_a_step_that_ran_well_is_done_again_if_it_was_forgotten(step):
    facts = Facts(forgotten=frozenset({step}))
    again = {
        Step.AUTO_DEPS: Operation.INJECT_DEPS,
        Step.GENERATE: Operation.GENERATE,
        Step.EXAMPLE: Operation.WRITE_EXAMPLE,
        Step.CRASH: Operation.RUN_EXAMPLE,
        Step.VERIFY: Operation.JUDGE,
        Step.TEST: Operation.ADD_TESTS,
    }  # update and fix do nothing without an edit or a failure
    assert [d.operation for d in plan(facts).due] == (
        [again[step]] if step in again else []
    )


@pytest.mark.parametrize("step", EVERY_STEP)
@pytest.mark.parametrize("why", ["left_out", "passed_over", "blocked"])
@given(facts=facts_of_any_kind)
def test_a_step_without_a_turn_does_nothing_whatever_is_due(step, why, facts):
    facts = replace(facts, **{why: frozenset({step})})
    decision = decide(facts, step)
    assert (decision.operation, decision.left_out) == (Operation.NOTHING, True)


def test_a_step_that_is_left_out_names_the_profile():
    left_out = frozenset({Step.VERIFY})
    facts = Facts(verified=False, left_out=left_out, why={"profile": "quick"})
    assert decide(facts, Step.VERIFY).because == "the profile leaves it out: quick"


def test_what_is_left_out_does_not_follow():
    facts = Facts(prompt_changed=True, left_out=frozenset({Step.VERIFY, Step.TEST}))
    assert plan(facts).may_follow == (Step.EXAMPLE, Step.CRASH, Step.FIX)


GIVEN_UP = Facts(
    verified=False,
    gave_up=frozenset({Step.VERIFY}),
    tests=State.ABSENT,
    why={"verify": "no"},
)


def test_a_step_that_gave_up_fails_its_unit():
    assert decide(GIVEN_UP, Step.VERIFY).operation is Operation.GAVE_UP


def test_a_profile_goes_on_without_a_step_that_gave_up():
    facts = replace(GIVEN_UP, tolerated=frozenset({Step.VERIFY}))
    decision = decide(facts, Step.VERIFY)
    assert decision.operation is Operation.NOTHING
    assert decision.because.endswith(": no; the profile goes on without it")
    assert [d.step for d in plan(facts).due] == [Step.TEST]


def test_what_needs_a_step_that_gave_up_can_be_skipped():
    skipping = frozenset({Step.VERIFY})
    facts = replace(GIVEN_UP, tolerated=skipping)
    assert blocked(facts, skipping) == {Step.TEST, Step.FIX}


def test_nothing_is_skipped_while_the_step_has_not_given_up():
    facts = replace(GIVEN_UP, gave_up=frozenset())
    assert blocked(facts, frozenset({Step.VERIFY})) == frozenset()
