"""What is told at the end of a run of many units."""

import re

import pytest
from model_server import Answer, Body, ModelServer, Say, last_user_message
from surface import good, kind, live, unit_project

from pdd_tasks.plugin.end_report import EndReport, Failed


HALF = 20


def report(failures=0, blocked=()):
    found = EndReport()
    for number in range(failures):
        unit = f"f{number:02}"
        found.fails(f"sync:{unit}:test", Failed(unit=unit, step="test", message="no"))
    for unit, waits_for in blocked:
        found.blocks(f"sync:{unit}:generate", waits_for, unit)
    return found


def lines(found, finished=(), unfinished=None, again="doit"):
    return found.lines(finished=finished, unfinished=unfinished or {}, again=again)


@pytest.mark.parametrize(
    "found, finished",
    [
        pytest.param(report(), ("a", "b"), id="all went well"),
        pytest.param(report(1), (), id="the only unit failed, which was said"),
    ],
)
def test_nothing_is_told_where_nothing_is_to_be_told(found, finished):
    assert lines(found, finished) == []


def test_a_unit_that_failed_has_one_line():
    found = EndReport()
    message = "unit a_python: the tests\nfail " + 200 * "x"
    found.fails("sync:a:fix", Failed(unit="a_python", step="fix", message=message))
    one = lines(found, ("b",))[1]
    assert one.startswith("  a_python fix: the tests fail xxx")
    assert one.endswith("x…")
    assert len(one) == 162


def test_what_waits_for_a_person_is_told_as_that():
    found = EndReport()
    found.fails("t", Failed(unit="a", step="update", message="edited", waits=True))
    assert lines(found, ("b",))[:2] == [
        "failed or waiting: 1 unit",
        "  a update: waits for you: edited",
    ]


def test_hundreds_of_blocked_units_are_counted_by_what_failed_itself():
    chain = [("b000", ["sync:f00:test"])]
    chain += [(f"b{n:03}", [f"sync:b{n - 1:03}:generate"]) for n in range(1, 300)]
    two = [("c", ["sync:f00:test", "sync:f01:test", "sync:fine:crash"])]
    assert lines(report(2, [*chain, *two]))[3:] == [
        "not run: 301 units",
        "  300 units, because of f00",
        "  1 unit, because of f00, f01",
        "done: 0 units",
        "to go on: doit",
    ]


def test_many_causes_and_many_failures_are_cut_short():
    blocked = [(f"b{n:02}", [f"sync:f{n:02}:test"]) for n in range(60)]
    found = lines(report(60, blocked))
    assert found[51] == "  and 10 more"
    assert found[52] == "not run: 60 units"
    assert found[63] == "  50 units, because of others"
    assert len(found) == 66


def test_a_unit_that_failed_is_not_counted_as_blocked_by_itself():
    found = report(1, [("f00", ["sync:f00:test"])])
    assert found.blocked == {}


def test_units_that_were_not_reached_are_counted():
    unfinished = {"e": True, "d": True, "c": True, "b": True, "a": False}
    assert lines(EndReport(), ("z",), unfinished, again="") == [
        "not finished: b, c, d and 1 more unit",
        "not started: 1 unit",
        "done: 1 unit",
    ]


@pytest.mark.slow
def test_half_of_forty_units_fail_and_all_others_are_done(tmp_path):
    names = [f"u{number:02}" for number in range(2 * HALF)]

    def answer(body: Body) -> Answer:
        found = re.findall(r"\bu(\d\d)\b", last_user_message(body))
        number = int(found[0]) if found else 0
        if kind(body) == "generate" and number % 2:
            return Say("I would rather not.")
        return Say(good(kind(body), f"u{number:02}"))

    with ModelServer(answer) as server:
        project = unit_project(tmp_path, *names)
        words = ("run", "--continue", "-n", "8", "-P", "thread", "max_calls=1000")
        said = project.doit(*words, *live(server)[:-1], "stability_runs=1")
    assert said.code == 1, said.text
    out = said.out.splitlines()
    told = out[out.index(f"failed or waiting: {HALF} units") :]
    failed = [line.split()[0] for line in told if line.startswith("  u")]
    assert failed == [f"u{number:02}_python" for number in range(1, 2 * HALF, 2)]
    assert all("_python generate: " in line for line in told[1 : HALF + 1])
    assert told[HALF + 1] == f"done: {HALF} units"
    assert told[HALF + 2].startswith("to go on: doit run --continue -n 8 -P thread ")
    assert told[HALF + 3].startswith(f"sync: {HALF} units in sync; {HALF} not; ")
    assert len(told) == HALF + 4
    for number, name in enumerate(names):
        assert (project.root / f"src/{name}.py").exists() == (number % 2 == 0)
    pending = project.doit("pending").out
    assert all(name in pending for name in failed)
    assert "u00_python" not in pending
