"""Selectors against a brute-force oracle on random graphs, and their grammar."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pdd_tasks.core.graph.selection import View, criteria, selected, unknown
from pdd_tasks.core.graph.selector import (
    Closed,
    Dependents,
    Either,
    Everything,
    Having,
    Matching,
    Method,
    Named,
    Needed,
    State,
    parse,
)
from pdd_tasks.core.graph.units import order
from pdd_tasks.core.model.step import Step
from pdd_tasks.errors import ConfigError


STALE = Having(Method.STATE, "stale")
BASENAMES = ("a", "b/a", "b/c", "d", "e", "f")
IDS = tuple(f"{base}_{lang}" for base in BASENAMES for lang in ("go", "python"))


@st.composite
def views(draw, *, circles=False):
    most = 6 if circles else None
    ids = draw(st.lists(st.sampled_from(IDS), unique=True, min_size=1, max_size=most))
    needs = {
        one: draw(
            st.lists(st.sampled_from(ids if circles else ids[:place]), unique=True)
        )
        for place, one in enumerate(ids)
        if place or circles
    }
    stale = draw(st.frozensets(st.sampled_from(ids)))
    sequence = order({one: needs.get(one, ()) for one in ids}).sequence
    units = {one: one.rpartition("_")[0] for one in sequence}
    return View(units=units, needs=needs, having={STALE: stale})


def paths(needs, unit, way=()):
    """Return all units on any path from a unit along its needs, by recursion."""
    further = [need for need in needs.get(unit, ()) if need not in {unit, *way}]
    return {unit}.union(*(paths(needs, need, (*way, unit)) for need in further))


def expected(word, view):
    """Return what a word selects, unit by unit and from the definition."""
    before, core, after = word[:1], word.strip("+@"), word[-1:] == "+"
    way = {unit: paths(view.needs, unit) for unit in view.units}

    def is_core(unit):
        if core == "state:stale":
            return unit in view.having[STALE]
        if core == "b/*":
            return unit.startswith("b/")
        return core in {"sync", unit, view.units[unit]}

    def is_below(unit):
        return any(is_core(need) for need in way[unit])

    def is_above(unit):
        return any(unit in way[other] for other in view.units if is_core(other))

    def is_wanted(unit):
        if before == "@":
            return any(unit in way[o] for o in view.units if is_below(o))
        above = before == "+" and is_above(unit)
        return is_core(unit) or above or (after and is_below(unit))

    return {unit for unit in view.units if is_wanted(unit)}


@given(
    view=views() | views(circles=True),
    core=st.sampled_from(["state:stale", "sync", "b/*", *BASENAMES, *IDS]),
    signs=st.sampled_from(["{}", "+{}", "{}+", "+{}+", "@{}"]),
)
def test_a_word_selects_what_the_definition_says(view, core, signs):
    word = signs.format(core)

    found = selected(parse(word).selector, view)

    assert len(set(found)) == len(found)
    assert set(found) == expected(word, view)


@given(view=views())
def test_those_needed_come_first_and_ties_are_alphabetical(view):
    found = selected(Everything(), view)

    left = list(found)
    done: set[str] = set()
    while left:
        ready = [u for u in left if set(view.needs.get(u, ())) <= done]
        assert left[0] == min(ready)
        done.add(left.pop(0))


def test_a_long_chain_is_walked_without_recursion():
    names = [f"u{number:05}_python" for number in range(20_000)]
    needs = {unit: [need] for need, unit in pairwise(names)}
    view = View(units={n: n.rpartition("_")[0] for n in names}, needs=needs, having={})

    assert len(selected(parse("u00000+").selector, view)) == len(names)
    assert len(selected(parse("+u19999").selector, view)) == len(names)
    assert order({n: needs.get(n, []) for n in reversed(names)}).sequence == tuple(
        names
    )


@pytest.mark.parametrize(
    "word, selector, steps",
    [
        pytest.param("sync", Everything(), None, id="all"),
        pytest.param("+sync", Needed(Everything()), None, id="all with a sign"),
        pytest.param("sync:calc", Named("calc"), None, id="task"),
        pytest.param("calc:test", Named("calc"), (Step.TEST,), id="step"),
        pytest.param(
            "calc+:crash", Dependents(Named("calc")), (Step.CRASH,), id="sign and step"
        ),
        pytest.param(
            "b/*:te*", Matching("b/*"), (Step.TEST,), id="pattern of units and steps"
        ),
        pytest.param("calc:*", Named("calc"), tuple(Step), id="all steps"),
        pytest.param("@calc", Closed(Named("calc")), None, id="closed"),
        pytest.param(
            "+calc+",
            Either((Needed(Named("calc")), Dependents(Named("calc")))),
            None,
            id="both ways",
        ),
        pytest.param("state:stale", STALE, None, id="state"),
        pytest.param(
            "result:failed+:fix",
            Dependents(Having(Method.RESULT, "failed")),
            (Step.FIX,),
            id="result",
        ),
        pytest.param(
            "affected:origin/main~2",
            Having(Method.AFFECTED, "origin/main~2"),
            None,
            id="revision",
        ),
        pytest.param(
            "affected:test", Having(Method.AFFECTED, "test"), None, id="branch as step"
        ),
    ],
)
def test_a_word_is_parsed(word, selector, steps):
    found = parse(word)

    assert (found.selector, found.steps) == (selector, steps)


@pytest.mark.parametrize("name", ["c++", "+c", "@c", "c:d+"])
def test_a_name_means_itself_whatever_signs_it_has(name):
    assert parse(name, {name}).selector == Named(name)
    assert parse(f"sync:{name}:test", {name}).selector == Named(name)
    assert parse(f"+{name}", {name}).selector == Needed(Named(name))


@pytest.mark.parametrize(
    "word, nearest",
    [
        pytest.param("state:stael", "stale", id="state"),
        pytest.param("result:fail", "failed", id="result"),
    ],
)
def test_a_state_that_is_none_names_the_nearest(word, nearest):
    with pytest.raises(ConfigError, match=f"the nearest is {nearest}"):
        parse(word)


@pytest.mark.parametrize("word", ["", "+", "@", "++", "@calc+", "sync:", "affected:"])
def test_a_word_that_can_select_nothing_is_refused(word):
    with pytest.raises(ConfigError) as caught:
        parse(word)
    assert caught.value.hint


def test_a_state_like_no_other_lists_them():
    with pytest.raises(ConfigError, match="no state is called 'zzz'") as caught:
        parse("state:zzz")
    assert "nearest" not in caught.value.message
    assert all(state in caught.value.hint for state in State)


def test_what_must_be_known_first_is_told():
    words = ["+state:stale+", "calc", "@result:failed", "affected:v1"]

    assert criteria(parse(word).selector for word in words) == {
        STALE,
        Having(Method.RESULT, "failed"),
        Having(Method.AFFECTED, "v1"),
    }


def test_a_name_that_no_unit_has_is_told():
    view = View(units={"a_go": "a"}, needs={}, having={STALE: frozenset()})

    assert unknown(parse("+b+").selector, view) == "b"
    assert unknown(parse("x*").selector, view) == "x*"
    for word in ("a", "a_go", "a*", "sync", "state:stale"):
        assert unknown(parse(word).selector, view) is None
