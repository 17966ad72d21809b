"""What a person edits, and what a sync makes of it; nothing here may ask a model."""

import shutil

import pytest
from surface import steps, unchanged


CODE = "src/calculator.py"
PROMPT = "prompts/calculator_python.prompt"
EXAMPLE = "examples/calculator_example.py"
TESTS = "tests/test_calculator.py"
STATE = (".pdd/",)
BROKEN = "\n\ndef evaluate(expression):\n    return 0.0\n"


def append(project, path, text):
    project.write(path, project.read(path) + text)


def with_line_ends(project, path, ends):
    text = project.read(path).replace("\n", ends)
    (project.root / path).write_bytes(text.encode())


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(lambda p: append(p, PROMPT, "\n"), id="blank line at the end"),
        pytest.param(lambda p: append(p, PROMPT, "  \n\n"), id="blanks at the end"),
        pytest.param(lambda p: with_line_ends(p, PROMPT, "\r\n"), id="other line ends"),
        pytest.param(
            lambda p: with_line_ends(p, PROMPT, "  \n"), id="blanks at every line's end"
        ),
    ],
)
def test_white_space_in_a_prompt_makes_nothing_pending(synced, edit):
    edit(synced)
    before = synced.files()

    said = synced.doit("sync:calculator")

    assert said.out == "sync: 1 unit in sync; nothing to do\n"
    assert synced.files() == before


@pytest.mark.parametrize(
    "edit, expected",
    [
        pytest.param("\n", ["crash", "test"], id="blank line"),
        pytest.param("# said better\n", ["update", "crash", "test"], id="comment"),
    ],
)
def test_an_edit_that_changes_no_behaviour_is_kept_without_a_call(
    synced, edit, expected
):
    append(synced, CODE, edit)
    before = synced.contents()

    said = synced.doit("sync:calculator")

    assert (said.code, steps(said)) == (0, expected), said.text
    assert unchanged(before, synced.contents(), but=STATE)
    assert synced.pending() == []


def test_an_edit_that_breaks_a_test_is_kept_and_reported(synced):
    append(synced, CODE, BROKEN)
    before = synced.contents()

    said = synced.doit("sync:calculator")
    again = synced.doit("sync:calculator")

    assert (said.code, again.code) == (4, 4), said.text
    assert "your edit of the code fails its example or tests; it is kept" in said.out
    assert (
        "mend the code (or its tests) and run `doit sync:calculator_python`" in said.out
    )
    assert "tests/test_calculator.py::test_" in again.out
    assert "the example ran" in said.out
    assert "the example ran" not in again.out
    assert unchanged(before, synced.contents(), but=STATE)


@pytest.mark.slow
def test_mending_the_edit_ends_the_conflict(synced):
    good = synced.read(CODE)
    append(synced, CODE, BROKEN)
    synced.doit("sync:calculator")

    synced.write(CODE, good)
    said = synced.doit("sync:calculator")

    assert said.code == 0, said.text
    assert synced.read(CODE) == good
    assert synced.pending() == []


def test_a_lost_fingerprint_costs_nothing_and_overwrites_nothing(synced):
    shutil.rmtree(synced.root / ".pdd/meta")
    before = synced.contents()

    said = synced.doit("sync:calculator")

    assert said.code == 0, said.text
    assert steps(said) == ["auto-deps", "crash", "test"]
    assert unchanged(before, synced.contents(), but=STATE)
    assert "calls" not in said.out
    assert synced.doit().out == "sync: 1 unit in sync; nothing to do\n"


def test_after_a_lost_fingerprint_a_changed_prompt_asks_first(synced):
    shutil.rmtree(synced.root / ".pdd/meta")
    synced.doit("sync:calculator")
    append(synced, PROMPT, "- More.\n")
    before = synced.contents()

    said = synced.doit("sync:calculator")

    assert said.code == 4, said.text
    assert "the code is a person's and is kept" in said.out
    assert "force=1" in said.out
    assert unchanged(before, synced.contents(), but=STATE)


def without_the_last_test(text):
    return text[: text.rindex("def test_")].rstrip() + "\n"


@pytest.mark.parametrize(
    "edit, passed",
    [
        pytest.param(
            lambda text: text + "\n\ndef test_mine():\n    assert evaluate('1') == 1\n",
            "31 passed",
            id="one added",
        ),
        pytest.param(without_the_last_test, "29 passed", id="one removed"),
    ],
)
def test_edited_tests_are_kept_and_none_are_bought(synced, edit, passed):
    synced.write(TESTS, edit(synced.read(TESTS)))
    before = synced.contents()

    said = synced.doit("sync:calculator")

    assert (said.code, steps(said)) == (0, ["test"]), said.text
    assert passed in said.out
    assert unchanged(before, synced.contents(), but=STATE)
    assert synced.pending() == []


def test_an_edited_example_is_kept_and_judged_again(synced):
    append(synced, EXAMPLE, 'print("more")\n')
    before = synced.contents()

    said = synced.doit("sync:calculator")

    assert (said.code, steps(said)) == (1, ["example", "crash", "verify"]), said.text
    assert "nothing is recorded for this verify request" in said.out
    assert unchanged(before, synced.contents(), but=STATE)
    assert synced.pending() == [("verify", "judge")]


def test_of_a_deleted_example_only_the_example_is_made_anew(synced):
    before = synced.contents()
    (synced.root / EXAMPLE).unlink()

    said = synced.doit("sync:calculator")

    assert (said.code, steps(said)) == (0, ["example"]), said.text
    assert unchanged(before, synced.contents(), but=STATE)
    assert synced.pending() == []


@pytest.mark.slow
def test_deleted_tests_are_made_anew(synced):
    before = synced.contents()
    (synced.root / TESTS).unlink()

    said = synced.doit("sync:calculator")

    assert (said.code, steps(said)) == (0, ["test"]), said.text
    assert unchanged(before, synced.contents(), but=STATE)


def test_everything_generated_deleted_is_made_anew_from_the_recordings(synced):
    before = synced.contents()
    for path in (CODE, EXAMPLE, TESTS):
        (synced.root / path).unlink()

    said = synced.doit("sync:calculator")

    assert said.code == 0, said.text
    assert unchanged(before, synced.contents(), but=STATE)
    assert synced.pending() == []


def test_deleted_code_is_generated_again(synced):
    before = synced.contents()
    (synced.root / CODE).unlink()

    assert synced.pending() == [("generate", "generate")]
    said = synced.doit("sync:calculator")

    assert (said.code, steps(said)) == (0, ["generate"]), said.text
    assert "there is no code: it was deleted" in said.out
    assert unchanged(before, synced.contents(), but=STATE)


def test_a_prompt_edited_in_replay_is_a_clear_miss(synced):
    append(synced, PROMPT, "- It also knows `%`.\n")
    before = synced.contents()

    said = synced.doit("sync:calculator")

    assert said.code == 1, said.text
    assert "calculator_python generate FAILED: the prompt changed" in said.out
    assert "nothing is recorded for this generate request" in said.out
    assert "+- It also knows `%`." in said.out
    assert "doit sync:calculator_python replies=live model=provider/name" in said.out
    assert unchanged(before, synced.contents(), but=STATE)
    assert "generate" in dict(synced.pending())


def test_a_deleted_prompt_leaves_what_was_made_of_it(synced):
    (synced.root / PROMPT).unlink()
    before = synced.contents()

    said = synced.doit("sync:calculator")

    assert said.code == 3, said.text
    assert "no unit is called 'calculator'" in said.text
    assert synced.contents() == before
