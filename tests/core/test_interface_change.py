import pytest

from pdd_tasks.core.plan.interface_change import Shown, interface_change


def shown(shape="", **forms):
    return Shown(shape=shape, forms={n: frozenset(f) for n, f in forms.items()})


@pytest.mark.parametrize(
    "before, now, said",
    [
        pytest.param(shown("a"), shown("a"), "same", id="same shape"),
        pytest.param(
            shown("a", add=["add(_)"]),
            shown("b", add=["add(_)"], cut=["cut(_)"]),
            "additive: +cut",
            id="new name",
        ),
        pytest.param(
            shown("a", add=["add(_)"]),
            shown("b", add=["add(_)", "add(_, _)"]),
            "additive: +add",
            id="further form",
        ),
        pytest.param(
            shown("a", add=["add(_)"], cut=["cut(_)"]),
            shown("b", add=["add(_)"]),
            "breaking: -cut",
            id="name gone",
        ),
        pytest.param(
            shown("a", add=["add(_)"]),
            shown("b", add=["add(_, _)"], cut=["cut(_)"]),
            "breaking: +cut, ~add",
            id="form gone",
        ),
        pytest.param(
            shown("a", add=["add(_)"]),
            shown("b", add=["add(_)"]),
            "breaking",
            id="other shape, same forms",
        ),
    ],
)
def test_a_change_is_classed_and_names_what_it_concerns(before, now, said):
    assert str(interface_change(before, now)) == said
