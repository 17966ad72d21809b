from pdd_tasks.core.plan.symbols import Symbols


BEFORE = {"add": "a + b", "sub": "a - b", "Box": "class", "Box.put": "pass"}


def test_what_was_added_removed_and_changed_is_named():
    now = {"add": "b + a", "Box": "class", "mul": "a * b", "Box.take": "pass"}
    found = Symbols.between(BEFORE, now)
    assert found == Symbols(
        added=("Box.take", "mul"), removed=("Box.put", "sub"), changed=("add",)
    )
    assert found.total == 5


def test_the_order_of_definitions_is_no_difference():
    found = Symbols.between(BEFORE, dict(reversed(BEFORE.items())))
    assert found == Symbols()
    assert found.total == 0
    assert not found.structural


def test_another_body_is_not_structural():
    assert not Symbols.between(BEFORE, {**BEFORE, "add": "0"}).structural


def test_another_definition_is_structural():
    assert Symbols.between(BEFORE, {**BEFORE, "mul": "0"}).structural
    assert Symbols.between({**BEFORE, "mul": "0"}, BEFORE).structural
