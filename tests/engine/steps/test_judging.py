import pytest
from calculator_texts import CODE, EXAMPLE, PROMPT, C, E, P, fenced, judged, usual
from memory_project import Project, synced

from pdd_tasks.core.model.settings import Strictness
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.errors import StepError


def _to_judge(*verdicts: str, **settings: object) -> Project:
    project = Project({P: PROMPT}, {**usual(), "verify": list(verdicts)})
    project.set(**settings)
    for step in (Step.GENERATE, Step.EXAMPLE, Step.CRASH):
        project.perform(step)
    return project


def test_a_request_carries_what_a_judge_must_see():
    project = _to_judge(judged())
    project.perform(Step.VERIFY)
    asked = project.request()
    assert "R2: `add` returns the sum" in asked
    assert CODE in asked
    assert EXAMPLE in asked
    assert "3\n2\n" in asked


def test_a_verdict_is_recorded_with_what_it_says():
    project = _to_judge(judged())
    assert project.perform(Step.VERIFY) == [Operation.JUDGE]
    assert project.trace.steps[Step.VERIFY].context["verdict"] == "met"
    assert project.notes[-1] == "3 of 3 requirements met"
    assert Step.VERIFY not in project.due()


@pytest.mark.parametrize(
    "verdict, said",
    [
        pytest.param(judged(R2="a + b"), "unmet: R2 ('a + b')", id="unmet"),
        pytest.param(judged(confidence=0.5), "uncertain (confidence 0.5)", id="unsure"),
    ],
)
def test_a_bad_verdict_is_a_warning_where_it_is_advice(verdict, said):
    project = _to_judge(verdict)
    project.perform(Step.VERIFY)
    assert project.notes[-1] == f"warning: the verdict is {said}"
    assert Step.VERIFY not in project.due()


@pytest.mark.parametrize(
    "verdict, said",
    [
        pytest.param(judged(R2="a + b"), "unmet: R2", id="unmet"),
        pytest.param(judged(confidence=0.5), "uncertain", id="unsure"),
    ],
)
def test_a_bad_verdict_fails_where_it_is_required_and_is_not_bought_again(
    verdict, said
):
    project = _to_judge(verdict, judged(), verify=Strictness.REQUIRED)
    for _ in range(2):
        with pytest.raises(StepError, match=said):
            project.perform(Step.VERIFY)
    assert project.asked.count("verify") == 1
    assert project.due()[Step.VERIFY] is Operation.GAVE_UP


def test_a_bad_verdict_no_longer_fails_once_it_is_only_advice():
    project = _to_judge(judged(R2="a + b"), judged(), verify=Strictness.REQUIRED)
    with pytest.raises(StepError, match="verify: advisory"):
        project.perform(Step.VERIFY)
    project.set(verify=Strictness.ADVISORY)
    project.perform(Step.VERIFY)
    assert Step.VERIFY not in project.due()
    assert project.asked.count("verify") == 1


def test_a_bad_verdict_fails_once_it_is_more_than_advice():
    project = _to_judge(judged(R2="a + b"))
    project.perform(Step.VERIFY)
    project.set(verify=Strictness.REQUIRED)
    with pytest.raises(StepError, match="unmet: R2"):
        project.perform(Step.VERIFY)
    assert project.asked.count("verify") == 1


def test_a_good_verdict_where_it_is_required():
    project = _to_judge(judged(), verify=Strictness.REQUIRED)
    project.perform(Step.VERIFY)
    assert Step.VERIFY not in project.due()


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param("All is well.", id="prose"),
        pytest.param(judged(R1="a line that is nowhere"), id="made up"),
        pytest.param(judged("- one\n"), id="not each requirement"),
    ],
)
def test_a_verdict_that_cannot_be_used_is_asked_for_again(reply):
    project = _to_judge(reply, judged())
    project.perform(Step.VERIFY)
    assert len(project.model.rejected) == 1
    assert project.trace.steps[Step.VERIFY].context["verdict"] == "met"


def test_a_run_that_fails_on_a_second_look_is_never_excused():
    project = _to_judge(judged())
    project.runner.disk = {**project.disk}
    project.runner.disk[project.unit.example] = b"raise ValueError('flaky')\n"
    with pytest.raises(StepError, match="flaky, though it ran well before"):
        project.perform(Step.VERIFY)
    assert "verify" not in project.asked
    assert Step.VERIFY not in project.trace.steps


def test_a_changed_prompt_is_judged_anew():
    project = synced()
    project.edit(P, "their difference", "the difference of the two")
    project.reply("generate", fenced(CODE))
    project.reply("verify", judged())
    project.sync()
    assert project.asked == ["generate", "verify"]


def test_a_comment_in_the_code_is_not():
    project = synced()
    project.edit(C, "    return a + b", "    return a + b  # the sum")
    assert project.sync() == [
        Operation.ADOPT_EDIT,
        Operation.RUN_EXAMPLE,
        Operation.RUN_TESTS,
    ]
    assert project.asked == []


def test_blanks_in_the_example_buy_no_verdict():
    project = synced()
    project.edit(E, "print(add(1, 2))\n", "print(add(1, 2))  \r\n")
    assert project.sync() == [Operation.RUN_EXAMPLE]
