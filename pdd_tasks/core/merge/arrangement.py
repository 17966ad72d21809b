"""Puts pieces into the order that one side gave them."""

from collections.abc import Mapping, Sequence
from itertools import pairwise


def is_moved(match: Mapping[int, int]) -> bool:
    """Return whether pieces that were found stand in another order."""
    return any(match[b] < match[a] for a, b in pairwise(sorted(match)))


def arranged(size: int, match: Mapping[int, int]) -> list[int]:
    """Return the places of a sequence in the order that another one gave it.

    What is not in the other sequence stays behind what it stood behind.

    Args:
        size: Length of the sequence.
        match: Place in the sequence → place in the other one.
    """
    followers: dict[int, list[int]] = {}
    leader = -1
    for at in range(size):
        if at in match:
            leader = at
        else:
            followers.setdefault(leader, []).append(at)
    order = [*followers.get(-1, ())]
    for at in sorted(match, key=match.__getitem__):
        order += [at, *followers.get(at, ())]
    return order


def followed(size: int, match: Mapping[int, int], order: Sequence[int]) -> list[int]:
    """Return the places of another sequence, put into an order of the first one.

    Args:
        size: Length of the other sequence.
        match: Place in the first sequence → place in the other one.
        order: Places of the first sequence in their new order.
    """
    rank = {match[at]: k for k, at in enumerate(order) if at in match}
    return arranged(size, rank)
