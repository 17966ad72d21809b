"""A mill."""


def fill(beans):
    """Fill it."""
    return max(beans, 0)


def grind(beans):
    """Grind."""
    return beans * 3
