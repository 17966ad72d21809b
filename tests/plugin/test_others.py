"""Which of our tasks the user's own need, and when they come before ours."""

from types import SimpleNamespace

import pytest
from doit.task import Task

from pdd_tasks.plugin.others import needed_of
from pdd_tasks.plugin.scope import Asked


def asked(*words, runs=True):
    command = SimpleNamespace(name="run", execute_tasks=runs, sel_tasks=list(words))
    return Asked(command, {}, words, named=bool(words))


def own(name, *deps, actions=("echo",), **more):
    return Task(name, list(actions), task_dep=list(deps), **more)


FETCH = own("fetch")
GROUP = own("all", "fetch", actions=())
REPORT = own("report", "sync:a_python:test")
RELEASE = own("release", "fetch", "sync:a_python")
LAST = own("last", "sync")
PATTERN = own("many", "fet*", "sync:a_python", actions=())


@pytest.mark.parametrize(
    "tasks, words, expected",
    [
        pytest.param([], ["sync"], (), id="none"),
        pytest.param([FETCH], ["sync"], (), id="not asked for"),
        pytest.param([FETCH], ["fetch"], (), id="nothing of ours asked for"),
        pytest.param([FETCH], ["fetch", "sync"], None, id="beside ours"),
        pytest.param([FETCH], ["sync:a", "fetch"], None, id="in whatever order"),
        pytest.param([FETCH], ["f*", "sync"], None, id="by a pattern"),
        pytest.param([FETCH], [], None, id="all there is"),
        pytest.param([FETCH, GROUP], ["all", "src/a.py"], None, id="by a group"),
        pytest.param([FETCH, GROUP], ["src/a.py"], (), id="a file of ours alone"),
        pytest.param(
            [REPORT], ["report"], ("sync:a_python:test",), id="after all of ours"
        ),
        pytest.param([REPORT], ["report", "sync"], None, id="after some of ours"),
        pytest.param([LAST], [], ("sync",), id="after everything"),
        pytest.param([FETCH, RELEASE], ["release"], None, id="first by a dependency"),
        pytest.param([FETCH, PATTERN], ["many"], None, id="first by a pattern needed"),
        pytest.param(
            [FETCH, RELEASE],
            ["sync"],
            ("sync:a_python",),
            id="needed by who rests",
        ),
        pytest.param(
            [own("late", setup=["sync:b_python"])],
            ["late"],
            ("sync:b_python",),
            id="needed for its setup",
        ),
        pytest.param(
            [own("made", targets=["x"])], ["sync"], None, id="who makes a file"
        ),
        pytest.param(
            [own("told", calc_dep=["fetch"]), FETCH], ["sync"], None, id="told later"
        ),
    ],
)
def test_what_others_need_of_us_is_known_unless_they_may_come_first(
    tasks, words, expected
):
    assert needed_of(tasks, asked(*words)) == expected


@pytest.mark.parametrize(
    "question", [pytest.param(None, id="unknown"), asked("fetch", "sync", runs=False)]
)
def test_where_nothing_is_run_nobody_comes_first(question):
    assert needed_of([FETCH, RELEASE], question) == ("sync:a_python",)
