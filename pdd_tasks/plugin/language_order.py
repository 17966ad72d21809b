"""The languages of one basename in the order that ``language_order`` declares.

What is not declared keeps its place behind what is. Where nothing is declared nothing
is looked at, and the order is what it was.
"""

from collections.abc import Mapping

from pdd_tasks.core.graph.declared import declared
from pdd_tasks.core.model.unit import DevUnit


def in_language_order(
    units: tuple[DevUnit, ...], needs: Mapping[str, tuple[str, ...]]
) -> tuple[DevUnit, ...]:
    """Return units in an order in which those of one basename stand as declared.

    Args:
        units: All units, those needed first.
        needs: Unit id → ids of the units it needs.
    """
    wanted = [unit for unit in units if unit.settings.language_order]
    if not wanted:
        return units
    groups: dict[tuple[str, str], list[DevUnit]] = {}
    for unit in wanted:
        groups.setdefault((str(unit.root), unit.id.basename), []).append(unit)
    ordered = [
        [str(unit.id) for unit in sorted(mine, key=_rank)] for mine in groups.values()
    ]
    by_name = {str(unit.id): unit for unit in units}
    return tuple(by_name[name] for name in declared(list(by_name), needs, ordered))


def _rank(unit: DevUnit) -> int:
    order = unit.settings.language_order
    language = unit.id.language
    return order.index(language) if language in order else len(order)
