"""A mill."""


def fill(beans):
    """Fill it."""
    return beans
