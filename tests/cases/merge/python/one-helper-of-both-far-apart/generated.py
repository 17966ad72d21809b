"""Prices."""


def net(price, rate):
    """Return the price without tax."""
    return price / (1 + rate)


def gross(price, rate):
    """Return the price with tax."""
    return price * (1 + rate)


def half(price):
    """Return half of a price."""
    return price / 2


def shown(price):
    """Return a price as text."""
    return f"{price:.2f}"


def checked(price):
    """Return a price; refuse a negative one."""
    if price < 0:
        raise ValueError(price)
    return price
