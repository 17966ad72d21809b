from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from pdd_tasks.core.model.artifact import Artifact, Digest
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.trace import Conflict, Fingerprint, GaveUp, StepRecord
from pdd_tasks.core.model.trace_rename import (
    carried_over,
    paired,
    recorded_files,
    recorded_prompt,
    renamed_text,
)


P, C, E, T, DOC = (
    "p/old.prompt",
    "s/old.py",
    "e/old_example.py",
    "t/test_old.py",
    "d.md",
)
MOVES = {
    P: "p/new.prompt",
    C: "s/new.py",
    E: "e/new_example.py",
    T: "t/test_new.py",
}
TEXT = "0" * 64
CODE, EXAMPLE, TESTS, OTHER = (Digest.of(name) for name in (b"c", b"e", b"t", b"o"))
STEPS = {
    Step.AUTO_DEPS: StepRecord(triggers={P: TEXT}),
    Step.GENERATE: StepRecord(triggers={P: TEXT, DOC: TEXT}, outputs={C: CODE}),
    Step.EXAMPLE: StepRecord(triggers={C: str(CODE)}, outputs={E: EXAMPLE}),
    Step.VERIFY: StepRecord(
        triggers={P: TEXT, DOC: TEXT, C: str(CODE), E: str(EXAMPLE)},
        context={"verdict": "met"},
    ),
    Step.TEST: StepRecord(
        triggers={C: str(CODE), T: str(TESTS), "target coverage": "90"},
        outputs={T: TESTS},
    ),
}
TRACE = Fingerprint(
    steps=STEPS,
    gave_up={Step.FIX: GaveUp(triggers={C: str(CODE)}, attempts=3, because="x")},
    conflicts={
        C: Conflict(
            triggers={P: TEXT},
            base=None,
            mine=CODE,
            generated=OTHER,
            prompt="",
            because="x",
        )
    },
)


def _adopted() -> Fingerprint:
    """Return the fingerprint of a unit whose code and example a person brought."""
    steps = {
        step: replace(record, outputs={}) if step is not Step.TEST else record
        for step, record in STEPS.items()
    }
    return Fingerprint(steps=steps, adopted={C: CODE, E: EXAMPLE})


def test_the_prompt_on_record_is_known_by_its_path_and_text():
    assert recorded_prompt(TRACE) == (P, TEXT)
    assert recorded_prompt(Fingerprint()) is None


@pytest.mark.parametrize(
    "trace", [pytest.param(TRACE, id="generated"), pytest.param(_adopted(), id="own")]
)
def test_the_files_on_record_are_told_apart(trace):
    assert recorded_files(trace) == {
        Artifact.CODE: (C,),
        Artifact.EXAMPLE: (E,),
        Artifact.TESTS: (T,),
    }


def test_a_unit_of_which_nothing_is_recorded_has_no_files():
    assert set(recorded_files(Fingerprint()).values()) == {()}


@pytest.mark.parametrize(
    "olds, news, pairs",
    [
        pytest.param([C], ["s/new.py"], {C: "s/new.py"}, id="by name"),
        pytest.param([C], ["lib/new.py"], {C: "lib/new.py"}, id="another folder"),
        pytest.param(["s/core.py"], ["s/new.py"], {"s/core.py": "s/new.py"}, id="last"),
        pytest.param(
            ["s/old.cpp", "s/old.hpp"],
            ["s/new.cpp", "s/new.hpp"],
            {"s/old.cpp": "s/new.cpp", "s/old.hpp": "s/new.hpp"},
            id="several",
        ),
        pytest.param(
            [T, "t/test_old_more.py"],
            ["t/test_new.py"],
            {T: "t/test_new.py", "t/test_old_more.py": "t/test_new_more.py"},
            id="one not there yet",
        ),
        pytest.param(
            ["t/a.py", "t/b.py"],
            ["t/test_new.py", "t/test_new_more.py"],
            {"t/a.py": "t/a.py", "t/b.py": "t/b.py"},
            id="no way to tell",
        ),
    ],
)
def test_paths_are_paired(olds, news, pairs):
    assert paired(olds, [PurePosixPath(n) for n in news], ("old", "new")) == pairs


def test_names_of_modules_are_replaced_as_words():
    before = "from old import a  # older, old_b\nimport old_example, test_old\n"
    after = "from new import a  # older, old_b\nimport new_example, test_new\n"
    assert renamed_text(before, MOVES) == after


def test_names_that_are_the_same_in_another_folder_are_none_to_replace():
    assert renamed_text("import old", {C: "lib/old.py"}) == "import old"


def test_paths_on_record_become_the_present_ones_everywhere():
    found = carried_over(TRACE, MOVES, {})
    assert recorded_prompt(found) == (MOVES[P], TEXT)
    assert recorded_files(found) == {
        Artifact.CODE: (MOVES[C],),
        Artifact.EXAMPLE: (MOVES[E],),
        Artifact.TESTS: (MOVES[T],),
    }
    assert found.gave_up[Step.FIX].triggers == {MOVES[C]: str(CODE)}
    assert found.conflicts[MOVES[C]].triggers == {MOVES[P]: TEXT}
    assert found.steps[Step.VERIFY].triggers[DOC] == TEXT
    assert found.steps[Step.VERIFY].context == {"verdict": "met"}


def test_what_counts_as_the_same_is_recorded_as_it_stands():
    found = carried_over(TRACE, MOVES, {E: (EXAMPLE, OTHER)})
    assert found.steps[Step.EXAMPLE].outputs == {MOVES[E]: OTHER}
    assert found.steps[Step.VERIFY].triggers[MOVES[E]] == str(OTHER)
    assert found.steps[Step.TEST].outputs == {MOVES[T]: TESTS}


def test_other_bytes_on_record_stay_what_they_are():
    trace = replace(TRACE, adopted={E: TESTS})
    found = carried_over(trace, MOVES, {E: (TESTS, OTHER)})
    assert found.adopted == {MOVES[E]: OTHER}
    assert found.steps[Step.EXAMPLE].outputs == {MOVES[E]: EXAMPLE}


def test_back_again_is_where_it_was():
    back = {new: old for old, new in MOVES.items()}
    assert carried_over(carried_over(TRACE, MOVES, {}), back, {}) == TRACE
