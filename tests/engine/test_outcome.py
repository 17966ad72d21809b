from dataclasses import replace

from pdd_tasks.core.prompt.request import Reply
from pdd_tasks.engine.outcome import Spent


def _spent(*replies: Reply) -> Spent:
    spent = Spent()
    for reply in replies:
        spent.add(reply)
    return spent


LIVE = Reply(text="x", model="live", cost=5)
UNKNOWN = Reply(text="x", model="free", cost=None)
RECORDED = Reply(text="x", model="old", cost=0, recorded="by hand")


def test_replies_are_counted_and_their_costs_summed():
    spent = _spent(LIVE, RECORDED, LIVE)
    assert (spent.calls, spent.recorded, spent.cost) == (3, 1, 10)
    assert spent.model == "live"
    assert spent.labels == {"by hand"}


def test_the_keys_of_replies_on_record_are_kept_in_order():
    spent = _spent(replace(LIVE, key="b"), LIVE)
    spent.merge(_spent(replace(RECORDED, key="a")))
    assert spent.replies == ["b", "a"]


def test_one_unknown_cost_makes_the_sum_unknown():
    assert _spent(LIVE, UNKNOWN, LIVE).cost is None


def test_what_several_operations_spent_is_summed():
    spent = _spent(LIVE)
    spent.merge(_spent(RECORDED))
    spent.merge(_spent())
    assert (spent.calls, spent.recorded, spent.cost) == (2, 1, 5)
    assert (spent.model, spent.labels) == ("old", {"by hand"})


def test_an_unknown_cost_stays_unknown_in_a_sum():
    spent = _spent(UNKNOWN)
    spent.merge(_spent(LIVE))
    assert spent.cost is None
    other = _spent(LIVE)
    other.merge(_spent(UNKNOWN))
    assert other.cost is None
