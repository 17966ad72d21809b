"""What a prompt needs since tasks were built is synced first; circles end by name."""

import pytest
from memory_project import unit

from pdd_tasks.core.model.settings import AutoDeps, Settings
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.plan.plan import Plan
from pdd_tasks.core.plan.rule import Decision
from pdd_tasks.engine.outcome import Outcome
from pdd_tasks.errors import ConfigError, StepError
from pdd_tasks.plugin.edges import Edges
from pdd_tasks.plugin.forerun import Forerun, counted_in


CHOSEN = Settings(auto_deps=AutoDeps.RULES)
DUE = (Step.AUTO_DEPS, Step.GENERATE, Step.CRASH, Step.TEST)


def include(name: str) -> str:
    return f"Use it.\n<include>examples/{name}_example.py</include>\n"


class Run:
    """A run over prompts on disk whose every step is due until it is performed."""

    def __init__(self, folder, needs, *, known=(), settings=CHOSEN, failing="") -> None:
        for name, text in needs.items():
            prompt = folder / f"prompts/{name}_python.prompt"
            prompt.parent.mkdir(exist_ok=True)
            prompt.write_text(text, encoding="utf-8")
        units = tuple(unit(name, settings=settings) for name in sorted(needs))
        self.units = {one.id.basename: one for one in units}
        needs = dict(known)
        edges = Edges(ordered=units, needs=needs, refused={}, waits=needs)
        self.forerun = Forerun(folder, edges, self.plan, self.perform)
        self.done: list[str] = []
        self._failing = failing

    def plan(self, of) -> Plan:
        left = [s for s in DUE if f"{of.id.basename} {s}" not in self.done]
        return Plan(
            decisions=tuple(
                Decision(step=s, operation=Operation.GENERATE, because="due")
                for s in left
            )
        )

    def perform(self, of, step, outcome) -> None:
        with self.forerun.turn(of, step) as before:
            if of.id.basename == self._failing:
                msg = f"unit {of.id}: it failed"
                raise StepError(msg)
            self.done.append(f"{of.id.basename} {step}")
            outcome.operations.append(Operation.GENERATE)
            outcome.seconds += 1.0
            counted_in(outcome, before)

    def generate(self, name: str) -> Outcome:
        outcome = Outcome(unit=self.units[name], step=Step.GENERATE)
        self.perform(self.units[name], Step.GENERATE, outcome)
        return outcome


def test_what_was_chosen_since_is_synced_up_to_its_proof_and_counted(tmp_path):
    run = Run(tmp_path, {"a": include("b"), "b": include("c"), "c": "Do it."})

    outcome = run.generate("a")

    steps = ("auto-deps", "generate", "crash")
    of_c = [f"c {step}" for step in steps]
    assert run.done == ["b auto-deps", *of_c, "b generate", "b crash", "a generate"]
    assert outcome.seconds == len(run.done)
    assert outcome.notes[0] == "first b_python auto-deps: generate"


def test_what_doit_waited_for_already_is_left_alone(tmp_path):
    known = {"a_python": ("b_python",)}
    run = Run(tmp_path, {"a": include("b"), "b": "Do it."}, known=known)

    run.generate("a")

    assert run.done == ["a generate"]


def test_what_a_prompt_came_to_include_without_a_choice_is_synced_first_too(tmp_path):
    run = Run(tmp_path, {"a": include("b"), "b": "Do it."}, settings=Settings())

    run.generate("a")

    assert run.done == ["b auto-deps", "b generate", "b crash", "a generate"]


def test_a_circle_that_closed_meanwhile_is_refused_by_name(tmp_path):
    run = Run(tmp_path, {"a": include("b"), "b": include("a")})

    with pytest.raises(ConfigError) as refused:
        run.generate("a")

    assert "in a cycle: a_python -> b_python -> a_python" in refused.value.message
    assert "a generate" not in run.done


def test_what_needs_a_unit_that_fails_is_not_made(tmp_path):
    needs = {"a": include("b"), "b": "Do it."}
    run = Run(tmp_path, needs, failing="b")

    with pytest.raises(StepError, match="unit b_python"):
        run.generate("a")

    assert run.done == []
