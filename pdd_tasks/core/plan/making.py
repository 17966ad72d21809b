"""The table's rows for the steps that make things: prompt, code and example.

In a step's rows the first that matches wins.
"""

from typing import Final

from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.plan.change import EDITS, HAND_WRITTEN, State
from pdd_tasks.core.plan.facts import Facts, Ran
from pdd_tasks.core.plan.rule import (
    ADOPTED_FIRST,
    CHOOSE,
    NOTHING,
    RETRY,
    Rule,
    on_purpose,
    otherwise,
    surrendered,
)


def _fails(facts: Facts) -> bool:
    example_fails = facts.example_run is Ran.FAILED
    return (facts.example is not State.ABSENT and example_fails) or (
        facts.test_run in {Ran.FAILED, Ran.BROKEN}
    )


def regenerates_by_hand(facts: Facts) -> bool:
    """Return whether code that a person wrote is to be generated anew."""
    due = facts.prompt_changed or Step.GENERATE in facts.forgotten
    return due and facts.code in HAND_WRITTEN


AUTO_DEPS: Final[tuple[Rule, ...]] = (
    Rule(
        lambda f: f.code is State.UNRECORDED,
        "code stands of which nothing is recorded",
        Operation.ADOPT,
        "code stands of which nothing is recorded: it is adopted as it is",
    ),
    Rule(
        lambda f: f.deps_choice and Step.AUTO_DEPS in f.gave_up,
        "a model may choose, and the step gave up in this very state",
        Operation.GAVE_UP,
        "its attempts in this very state have failed",
        str(Step.AUTO_DEPS),
        RETRY % Step.AUTO_DEPS,
    ),
    Rule(
        lambda f: f.deps_choice and not f.deps_recorded,
        "a model may choose, and the prompt outside its block or what is offered"
        " changed, or was never looked at",
        Operation.CHOOSE_DEPS,
        "what else the prompt needs was not chosen as things stand",
    ),
    Rule(
        lambda f: f.deps_choice and Step.AUTO_DEPS in f.forgotten,
        "a model may choose, forgotten on purpose",
        Operation.CHOOSE_DEPS,
        "it was forgotten",
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
        "renamed",
    ),
    Rule(
        lambda f: f.deps_redundant,
        "the prompt repeats what its includes give; taking that out is asked for",
        Operation.INJECT_DEPS,
        "the prompt repeats what its includes give",
    ),
    on_purpose(Step.AUTO_DEPS, Operation.INJECT_DEPS),
    otherwise("the units it needs are in its block"),
)

UPDATE: Final[tuple[Rule, ...]] = (
    Rule(
        lambda f: f.code not in EDITS,
        "code was not edited by hand",
        NOTHING,
        "the code was not edited by hand",
    ),
    Rule(
        lambda f: f.conflicted,
        "a merge of this prompt and this code waits for a person",
        NOTHING,
        "a merge of the code waits for a person first",
    ),
    Rule(
        lambda f: f.prompt_changed,
        "code edited by hand, prompt changed",
        NOTHING,
        "what is generated anew is merged with the edit",
        "both",
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
        lambda f: f.fix and _fails(f),
        "code edited by hand, example or tests fail on the edit, fix is asked for",
        NOTHING,
        "the edit fails, and its repair was asked for: that comes later",
    ),
    Rule(
        _fails,
        "code edited by hand, example or tests fail on the edit",
        Operation.STOP,
        "your edit of the code fails its example or tests; it is kept",
        "failures",
        "mend the code (or its tests) and run `doit sync:{unit}` again, or let"
        " `doit sync:{unit} fix=1` try",
    ),
    surrendered(Step.UPDATE),
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


GENERATE: Final[tuple[Rule, ...]] = (
    ADOPTED_FIRST,
    Rule(
        lambda f: f.conflicted,
        "a merge of this prompt and this code waits for a person",
        Operation.STOP,
        "your edit and what the prompt asks for do not merge",
        "conflict",
        CHOOSE,
    ),
    surrendered(Step.GENERATE),
    Rule(
        lambda f: f.code is State.ABSENT,
        "code absent",
        Operation.GENERATE,
        "there is no code",
        "code",
    ),
    Rule(
        lambda f: f.breaking,
        "an included example changed in a breaking way, and the project stops there",
        Operation.STOP,
        "what it includes changed in a breaking way",
        "breaking",
        "look at what changed, then take it with `doit sync:{unit} accept_breaking=1`",
    ),
    Rule(
        lambda f: regenerates_by_hand(f) and f.merge_base,
        "prompt new or changed, or forgotten on purpose; the code is a person's, and"
        " what the generator last left is to be had",
        Operation.MERGE,
        "generated anew and merged with your code",
        "both",
    ),
    Rule(
        lambda f: regenerates_by_hand(f) and f.code in EDITS,
        "the same, but nobody has what the generator last left; the code was edited"
        " since",
        Operation.STOP,
        "prompt and code both changed, and nobody has the code in between",
        "both",
        CHOOSE,
    ),
    on_purpose(Step.GENERATE, Operation.GENERATE),
    Rule(
        lambda f: f.prompt_changed,
        "prompt new or changed",
        Operation.GENERATE,
        "the prompt changed",
        "prompt",
    ),
    otherwise("the prompt is the one the code was made from"),
)

EXAMPLE: Final[tuple[Rule, ...]] = (
    ADOPTED_FIRST,
    Rule(
        lambda f: not f.can_run,
        "the language cannot run examples",
        NOTHING,
        "the language has no run command",
    ),
    Rule(
        lambda f: f.code is State.ABSENT,
        "code absent",
        NOTHING,
        "there is no code yet",
    ),
    Rule(
        lambda f: f.example in {State.UNRECORDED, *EDITS},
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
    surrendered(Step.EXAMPLE),
    Rule(
        lambda f: f.example is State.ABSENT,
        "example absent",
        Operation.WRITE_EXAMPLE,
        "there is no example",
    ),
    on_purpose(Step.EXAMPLE, Operation.WRITE_EXAMPLE),
    Rule(
        lambda f: f.interface_changed,
        "code's interface changed since the example",
        Operation.WRITE_EXAMPLE,
        "the code's interface changed since the example",
        "interface",
    ),
    otherwise("the code's interface is the one the example was written for"),
)
