"""A mill."""


def fill(beans):
    """Fill the mill."""
    return beans


def grind(beans):
    """Grind."""
    return beans * 2
