"""Prices."""

PUBLIC = ["net"]


def net(price, rate):
    """Return the price without tax."""
    return price / (1 + rate)


def gross(price, rate):
    """Return the price with tax."""
    return price * (1 + rate)


def shown(price):
    """Return a price as text."""
    return f"{price:.2f}"
