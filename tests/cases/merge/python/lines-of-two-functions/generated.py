"""A mill."""


def fill(beans):
    """Fill it."""
    return beans


def grind(beans):
    """Grind."""
    return beans * 3
