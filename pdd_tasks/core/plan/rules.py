"""The decision table: what a step does when its turn comes, and why.

Rule 1: everything that chooses an operation is a row of `RULES`; in a step's rows
the first that matches wins. Rule 2: this file sees facts, never files. Rule 3:
protection of a person's bytes modifies every row; it is not a row.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.step import OVERWRITES, Operation, Step
from pdd_tasks.core.plan.change import HAND_WRITTEN, State
from pdd_tasks.core.plan.facts import Facts, Ran


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table.

    Attributes:
        when: True if the row applies.
        facts: The same condition in words, for the documentation.
        then: What to do.
        because: Why, as a clause a person will read.
        topic: Key into `Facts.why` whose detail is added to the reason.
        hint: What a person can do, if the operation stops for one.
    """

    when: Callable[[Facts], bool]
    facts: str
    then: Operation
    because: str
    topic: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a step does next.

    Attributes:
        step: The step that was asked about.
        operation: What it does.
        because: Why, a clause with its detail.
        hint: What a person can do if it stops; may name ``{unit}``.
        copies: Artifacts of which a safety copy is kept before they are replaced.
    """

    step: Step
    operation: Operation
    because: str
    hint: str = ""
    copies: frozenset[Artifact] = frozenset()

    @property
    def due(self) -> bool:
        """True if there is something to do or to say."""
        return self.operation is not Operation.NOTHING


_RETRY: Final = "change an input, or retry with `doit forget sync:{unit}:%s`"
_KEEP: Final = (
    "keep your code with `doit reset-dep sync:{unit}`, or give it up by deleting it"
    " or restoring it with git; then run `doit sync:{unit}` again"
)
_EDITS: Final = frozenset({State.LAYOUT, State.EDITED})
_NOTHING: Final = Operation.NOTHING


def _otherwise(because: str) -> Rule:
    return Rule(lambda _: True, "otherwise", _NOTHING, because)


def _gave_up(step: Step) -> Rule:
    return Rule(
        lambda f: step in f.gave_up,
        "the step gave up in this very state",
        Operation.GAVE_UP,
        "its attempts in this very state have failed",
        str(step),
        _RETRY % step,
    )


def _forgotten(step: Step, then: Operation) -> Rule:
    return Rule(
        lambda f: step in f.forgotten, "forgotten on purpose", then, "it was forgotten"
    )


_AUTO_DEPS: Final = (
    Rule(
        lambda f: f.code is State.UNRECORDED,
        "code stands of which nothing is recorded",
        Operation.ADOPT,
        "code stands of which nothing is recorded: it is adopted as it is",
    ),
    Rule(
        lambda f: f.deps_due,
        "the block is not what the rules give",
        Operation.INJECT_DEPS,
        "the units it needs are not those in its block",
        "deps",
    ),
    Rule(
        lambda f: not f.deps_recorded,
        "the prompt outside its block changed, or was never looked at",
        Operation.INJECT_DEPS,
        "the prompt was not looked at as it stands",
    ),
    _forgotten(Step.AUTO_DEPS, Operation.INJECT_DEPS),
    _otherwise("the units it needs are in its block"),
)

_UPDATE: Final = (
    Rule(
        lambda f: f.code not in _EDITS,
        "code was not edited by hand",
        _NOTHING,
        "the code was not edited by hand",
    ),
    Rule(
        lambda f: f.prompt_changed,
        "code edited by hand, prompt changed",
        Operation.STOP,
        "prompt and code both changed since they were last in sync",
        "both",
        _KEEP,
    ),
    Rule(
        lambda f: f.code is State.LAYOUT,
        "only comments or layout of the code edited",
        Operation.ADOPT_EDIT,
        "only comments or layout of the code were edited",
    ),
    Rule(
        lambda f: (
            f.can_run and f.example is not State.ABSENT and f.example_run is Ran.NOT
        ),
        "code edited by hand, example not run on the edit",
        Operation.RUN_EXAMPLE,
        "the code was edited by hand: the example runs on the edit first",
    ),
    Rule(
        lambda f: f.can_test and f.tests is not State.ABSENT and f.test_run is Ran.NOT,
        "code edited by hand, tests not run on the edit",
        Operation.RUN_TESTS,
        "the code was edited by hand: the tests run on the edit first",
    ),
    Rule(
        lambda f: (
            (f.example is not State.ABSENT and f.example_run is Ran.FAILED)
            or f.test_run in {Ran.FAILED, Ran.BROKEN}
        ),
        "code edited by hand, example or tests fail on the edit",
        Operation.STOP,
        "your edit of the code fails its example or tests; it is kept",
        "failures",
        "mend the code (or its tests) and run `doit sync:{unit}` again",
    ),
    _gave_up(Step.UPDATE),
    Rule(
        lambda f: f.accept_updates,
        "code edited by hand, the edit passes, updates are accepted",
        Operation.APPLY_UPDATE,
        "the code was edited by hand and passes: the prompt follows it",
    ),
    Rule(
        lambda _: True,
        "code edited by hand, the edit passes",
        Operation.PROPOSE_UPDATE,
        "the code was edited by hand and passes: a prompt change is proposed",
    ),
)

_GENERATE: Final = (
    _gave_up(Step.GENERATE),
    Rule(
        lambda f: f.code is State.ABSENT,
        "code absent",
        Operation.GENERATE,
        "there is no code",
        "code",
    ),
    _forgotten(Step.GENERATE, Operation.GENERATE),
    Rule(
        lambda f: f.prompt_changed,
        "prompt new or changed",
        Operation.GENERATE,
        "the prompt changed",
        "prompt",
    ),
    _otherwise("the prompt is the one the code was made from"),
)

_EXAMPLE: Final = (
    Rule(
        lambda f: not f.can_run,
        "the language cannot run examples",
        _NOTHING,
        "the language has no run command",
    ),
    Rule(
        lambda f: f.code is State.ABSENT,
        "code absent",
        _NOTHING,
        "there is no code yet",
    ),
    Rule(
        lambda f: f.example in {State.UNRECORDED, *_EDITS},
        "example written or edited by hand",
        Operation.KEEP_EXAMPLE,
        "the example was written or edited by hand: it is kept",
    ),
    Rule(
        lambda f: f.example is State.ADOPTED and f.interface_changed,
        "example adopted, code's interface changed",
        Operation.KEEP_EXAMPLE,
        "the code's interface changed; the example is a person's and is kept",
        "interface",
    ),
    _gave_up(Step.EXAMPLE),
    Rule(
        lambda f: f.example is State.ABSENT,
        "example absent",
        Operation.WRITE_EXAMPLE,
        "there is no example",
    ),
    _forgotten(Step.EXAMPLE, Operation.WRITE_EXAMPLE),
    Rule(
        lambda f: f.interface_changed,
        "code's interface changed since the example",
        Operation.WRITE_EXAMPLE,
        "the code's interface changed since the example",
        "interface",
    ),
    _otherwise("the code's interface is the one the example was written for"),
)

_CRASH: Final = (
    Rule(
        lambda f: not f.can_run or f.code is State.ABSENT or f.example is State.ABSENT,
        "nothing to run",
        _NOTHING,
        "there is no example to run",
    ),
    Rule(
        lambda f: f.example_run is Ran.NOT,
        "example not run for the present bytes",
        Operation.RUN_EXAMPLE,
        "the example was not run for the present bytes",
    ),
    Rule(
        lambda f: Step.CRASH in f.forgotten and f.example_run is Ran.GOOD,
        "forgotten on purpose, and the example ran well",
        Operation.RUN_EXAMPLE,
        "it was forgotten",
    ),
    Rule(
        lambda f: Step.CRASH in f.gave_up and f.example_run is not Ran.GOOD,
        "the example fails, and the step gave up in this very state",
        Operation.GAVE_UP,
        "its attempts in this very state have failed",
        str(Step.CRASH),
        _RETRY % Step.CRASH,
    ),
    Rule(
        lambda f: (
            f.example_run is not Ran.GOOD
            and f.code in HAND_WRITTEN
            and f.example in HAND_WRITTEN
        ),
        "the example fails; code and example are a person's",
        Operation.STOP,
        "the example fails, and both it and the code are a person's",
        "failures",
        "mend the code or the example and run `doit sync:{unit}` again",
    ),
    Rule(
        lambda f: f.example_run is not Ran.GOOD,
        "the example fails",
        Operation.REPAIR,
        "the example fails",
        "failures",
    ),
    Rule(
        lambda f: f.test_run is Ran.BROKEN and Step.CRASH in f.gave_up,
        "the tests cannot run, and the step gave up in this very state",
        Operation.GAVE_UP,
        "its attempts in this very state have failed",
        str(Step.CRASH),
        _RETRY % Step.CRASH,
    ),
    Rule(
        lambda f: f.test_run is Ran.BROKEN and f.code in HAND_WRITTEN,
        "the tests cannot run; the code is a person's",
        Operation.STOP,
        "the tests cannot run, and the code is a person's",
        "failures",
        "mend the code or the tests and run `doit sync:{unit}` again",
    ),
    Rule(
        lambda f: f.test_run is Ran.BROKEN,
        "the test run ended badly and counted nothing",
        Operation.REPAIR,
        "the test run ended badly and counted nothing",
        "failures",
    ),
    _otherwise("the example ran well for the present bytes"),
)

_VERIFY: Final = (
    Rule(
        lambda f: (
            not f.can_run
            or f.code is State.ABSENT
            or f.example is State.ABSENT
            or f.example_run is not Ran.GOOD
        ),
        "no example that runs well",
        _NOTHING,
        "there is no good run to judge",
    ),
    _gave_up(Step.VERIFY),
    Rule(
        lambda f: not f.verified,
        "not verified for these triggers",
        Operation.JUDGE,
        "not verified for this prompt, code and example",
    ),
    _forgotten(Step.VERIFY, Operation.JUDGE),
    _otherwise("verified for this prompt, code and example"),
)

_TEST: Final = (
    Rule(
        lambda f: not f.can_test,
        "the language has no test command",
        _NOTHING,
        "the language has no test command",
    ),
    Rule(
        lambda f: f.code is State.ABSENT,
        "code absent",
        _NOTHING,
        "there is no code yet",
    ),
    Rule(
        lambda f: f.tests is State.ABSENT and Step.TEST in f.gave_up,
        "tests absent, and the step gave up in this very state",
        Operation.GAVE_UP,
        "its attempts in this very state have failed",
        str(Step.TEST),
        _RETRY % Step.TEST,
    ),
    Rule(
        lambda f: f.tests is State.ABSENT,
        "tests absent",
        Operation.ADD_TESTS,
        "there are no tests",
    ),
    Rule(
        lambda f: f.test_run is Ran.NOT,
        "tests not run for the present bytes",
        Operation.RUN_TESTS,
        "the tests were not run for the present bytes",
    ),
    Rule(
        lambda f: f.test_run is not Ran.GOOD,
        "tests fail or cannot run",
        _NOTHING,
        "tests fail: that comes first",
    ),
    Rule(
        lambda f: Step.TEST in f.gave_up and f.coverage_low and f.coverage_required,
        "coverage required and below target, and the step gave up in this very state",
        Operation.GAVE_UP,
        "its attempts in this very state have failed",
        str(Step.TEST),
        _RETRY % Step.TEST,
    ),
    _forgotten(Step.TEST, Operation.ADD_TESTS),
    Rule(
        lambda f: f.coverage_low and Step.TEST not in f.gave_up,
        "coverage below target",
        Operation.ADD_TESTS,
        "coverage is below target",
        "coverage",
    ),
    Rule(
        lambda f: f.behaviour_changed and Step.TEST not in f.gave_up,
        "generation changed the code's behaviour",
        Operation.ADD_TESTS,
        "generation changed what the code does",
    ),
    Rule(
        lambda f: f.tests is not State.RECORDED,
        "tests written or edited by hand, and passing",
        Operation.KEEP_TESTS,
        "the tests were written or edited by hand and pass: they are kept",
    ),
    _otherwise("the tests pass and cover the code"),
)

_FIX: Final = (
    Rule(
        lambda f: not f.can_test or f.test_run is not Ran.FAILED,
        "no test fails",
        _NOTHING,
        "no test fails",
    ),
    _gave_up(Step.FIX),
    Rule(
        lambda _: True,
        "run report: failed tests",
        Operation.FIX,
        "tests fail",
        "failures",
    ),
)

RULES: Final[dict[Step, tuple[Rule, ...]]] = {
    Step.AUTO_DEPS: _AUTO_DEPS,
    Step.UPDATE: _UPDATE,
    Step.GENERATE: _GENERATE,
    Step.EXAMPLE: _EXAMPLE,
    Step.CRASH: _CRASH,
    Step.VERIFY: _VERIFY,
    Step.TEST: _TEST,
    Step.FIX: _FIX,
}


def decide(facts: Facts, step: Step) -> Decision:
    """Return what a step does, given the facts; first matching row wins."""
    rule = next(rule for rule in RULES[step] if rule.when(facts))
    detail = facts.why.get(rule.topic, "")
    because = f"{rule.because}: {detail}" if detail else rule.because
    decision = Decision(step=step, operation=rule.then, because=because, hint=rule.hint)
    return protected(decision, facts)


def protected(decision: Decision, facts: Facts) -> Decision:
    """Return the decision, stopped where it would replace bytes of a person.

    Bytes that were adopted are replaced after the question that `Facts.force`
    answers, and after a safety copy; an edit since the last sync always stops.
    """
    states = {Artifact.CODE: facts.code, Artifact.EXAMPLE: facts.example}
    replaced = OVERWRITES.get(decision.operation, frozenset())
    threatened = frozenset(a for a in replaced if states[a] in HAND_WRITTEN)
    if not threatened:
        return decision
    if facts.force and all(states[a] is State.ADOPTED for a in threatened):
        return Decision(
            step=decision.step,
            operation=decision.operation,
            because=decision.because,
            copies=threatened,
        )
    names = " and ".join(sorted(threatened))
    return Decision(
        step=decision.step,
        operation=Operation.STOP,
        because=f"{decision.because}, but the {names} is a person's and is kept",
        hint=_KEEP + _force_hint(states, threatened),
    )


def _force_hint(states: dict[Artifact, State], threatened: frozenset[Artifact]) -> str:
    if all(states[a] is State.ADOPTED for a in threatened):
        return "; `force=1` replaces it after a safety copy"
    return ""
