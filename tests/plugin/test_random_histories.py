"""Whatever a person does between syncs: nothing is lost, and all comes to rest."""

from pathlib import Path

import pytest
from random_history import History, standing


STEPS = 25


def _lived(folder: Path, seed: int) -> History:
    folder.mkdir()
    history = History(folder, seed)
    for _ in range(STEPS):
        history.step()
    history.sync()
    return history


@pytest.mark.parametrize("seed", range(6))
def test_nothing_is_lost_and_a_second_sync_does_nothing(tmp_path, seed):
    _lived(tmp_path / "project", seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 130))
def test_nothing_is_lost_in_long_histories(tmp_path, seed):
    _lived(tmp_path / "project", seed)


@pytest.mark.parametrize("seed", range(2))
def test_the_same_history_gives_the_same_bytes(tmp_path, seed):
    first = _lived(tmp_path / "first", seed)
    second = _lived(tmp_path / "second", seed)
    assert first.done == second.done
    assert standing(first.root) == standing(second.root)
    assert first.records() == second.records()
