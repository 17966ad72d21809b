"""What a killed run left unfinished is cleared away by the next one that works."""

import os


def test_only_a_run_that_works_clears_away_what_nobody_finishes(synced):
    unfinished = synced.root / ".pdd/meta/.calculator_python.json.0123abcd.tmp"
    unfinished.write_bytes(b"half")
    os.utime(unfinished, (0, 0))

    assert synced.doit("sync").code == 0
    assert unfinished.exists()

    synced.doit("forget", "sync:calculator_python:crash")
    said = synced.doit("sync")

    assert said.code == 0, said.text
    assert not unfinished.exists()
