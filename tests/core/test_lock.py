from dataclasses import replace

import pytest

from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.form import FormError, NewerFormError
from pdd_tasks.core.model.lock import (
    Life,
    LockRecord,
    LockTerms,
    Standing,
    lock_mapping,
    lock_of,
    silent_ms,
    standing,
)
from pdd_tasks.core.model.settings import LockPlace, ModelSettings, Settings


UNIT = UnitId("backend/widget", "typescript")
RECORD = LockRecord(
    unit="backend/widget_typescript",
    generation=7,
    token="9f86d081884c7d65",  # noqa: S106 - no password
    pid=4321,
    parent=4000,
    start="2026-03-01T09:29:58.120+00:00",
    boot_id="boot",
    host="box",
    exe_hash="ab" * 32,
    heartbeat=1_000_000,
    idle=600_000,
    since="2026-03-01T09:30:00Z",
    command="doit sync:widget",
)
FLOOR = 300_000


@pytest.mark.parametrize(
    "life, boot, silence, idle, expected",
    [
        pytest.param(Life.ABSENT, "boot", 0, 0, Standing.FREE, id="released"),
        pytest.param(Life.ABSENT, "boot", 10**9, 0, Standing.FREE, id="long ago"),
        pytest.param(Life.ENDED, "boot", 0, 0, Standing.DEAD, id="killed just now"),
        pytest.param(Life.ENDED, "other", 0, 0, Standing.DEAD, id="killed by a boot"),
        pytest.param(Life.ALIVE, "boot", 0, 0, Standing.HELD, id="at work"),
        pytest.param(Life.ALIVE, "boot", FLOOR, 0, Standing.HELD, id="at the floor"),
        pytest.param(Life.ALIVE, "boot", FLOOR + 1, 0, Standing.SILENT, id="over it"),
        pytest.param(
            Life.ALIVE, "boot", FLOOR + 1, FLOOR + 1, Standing.HELD, id="asked for more"
        ),
        pytest.param(
            Life.ALIVE, "boot", FLOOR + 2, FLOOR + 1, Standing.SILENT, id="more is over"
        ),
        pytest.param(
            Life.ALIVE, "other", 10**9, 0, Standing.HELD, id="another machine's"
        ),
        pytest.param(Life.ALIVE, "", 10**9, 0, Standing.HELD, id="boot not known"),
        pytest.param(Life.ALIVE, "boot", -5, 0, Standing.HELD, id="from the future"),
    ],
)
def test_what_a_lock_is_to_others(life, boot, silence, idle, expected):
    record = replace(RECORD, idle=idle)
    now = record.heartbeat + silence
    assert standing(record, life, boot, now, FLOOR) is expected


def test_two_boots_that_are_not_known_are_not_the_same():
    assert silent_ms(replace(RECORD, boot_id=""), "", 10**9) is None


def test_neither_clock_nor_process_number_nor_executable_decides():
    other = replace(
        RECORD, since="1970-01-01T00:00:00Z", start="", pid=1, exe_hash="", host=""
    )
    for life in Life:
        for now in (0, RECORD.heartbeat, 10**9):
            found = standing(RECORD, life, "boot", now, FLOOR)
            assert standing(other, life, "boot", now, FLOOR) is found


def test_a_record_is_read_back_as_it_was_written():
    assert lock_of(lock_mapping(RECORD), UNIT) == RECORD


def test_the_holder_is_named_for_people():
    assert RECORD.words == (
        "process 4321 (doit sync:widget), since 2026-03-01T09:30:00Z"
    )


@pytest.mark.parametrize(
    "change, problem",
    [
        pytest.param({"schema": None}, "schema", id="no schema"),
        pytest.param({"pid": "1"}, "pid", id="a text for a number"),
        pytest.param({"token": 1}, "token", id="a number for a text"),
        pytest.param({"more": 1}, "more: unknown key", id="one more key"),
        pytest.param(
            {"unit": "widget_python"},
            "unit: expected backend/widget_typescript",
            id="another unit's",
        ),
    ],
)
def test_a_broken_record_is_refused(change, problem):
    with pytest.raises(FormError, match=problem):
        lock_of({**lock_mapping(RECORD), **change}, UNIT)


def test_a_record_from_the_future_is_refused():
    with pytest.raises(NewerFormError, match="2 is newer"):
        lock_of({**lock_mapping(RECORD), "schema": 2}, UNIT)


@pytest.mark.parametrize(
    "settings, idle_s",
    [
        pytest.param(Settings(), 1200, id="a model is slowest"),
        pytest.param(Settings(test_timeout_s=7000), 14_000, id="the tests are"),
        pytest.param(Settings(run_timeout_s=8000), 16_000, id="the example is"),
    ],
)
def test_the_longest_operation_is_no_silence(settings, idle_s):
    assert LockTerms.of(settings).idle_s == idle_s


def test_settings_say_the_terms_of_a_lock():
    settings = Settings(
        wait_s=5.0,
        max_concurrent_syncs=2,
        lock_dir=LockPlace.RUNTIME,
        run_timeout_s=1,
        test_timeout_s=1,
        model=ModelSettings(timeout_s=2),
    )
    assert LockTerms.of(settings) == LockTerms(
        idle_s=4, wait_s=5, at_once=2, place=LockPlace.RUNTIME
    )
