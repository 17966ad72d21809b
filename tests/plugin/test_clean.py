"""``doit clean`` finds the targets of units, and leaves them alone."""

import pytest
from surface import unchanged


@pytest.mark.parametrize(
    "words",
    [
        pytest.param([], id="plain"),
        pytest.param(["--clean-all", "--forget"], id="all"),
        pytest.param(["--forget", "sync:calculator_python:generate"], id="one"),
    ],
)
def test_nothing_of_a_unit_is_deleted_or_forgotten(synced, words):
    before = synced.files()
    said = synced.doit("clean", *words)
    assert said.code == 0, said.text
    assert said.out.count("units are not cleaned") == 1
    assert unchanged(before, synced.files())
    assert synced.pending() == []


def test_tasks_of_the_users_are_cleaned_as_ever(synced):
    more = (
        "\n\ndef task_mine():\n"
        "    return {'actions': ['touch mine'], 'targets': ['mine'], 'clean': True}\n"
    )
    synced.write("dodo.py", synced.read("dodo.py") + more)
    synced.write("mine", "")
    said = synced.doit("clean", "--clean-all")
    assert said.code == 0, said.text
    assert not (synced.root / "mine").exists()
    assert (synced.root / "src/calculator.py").exists()
