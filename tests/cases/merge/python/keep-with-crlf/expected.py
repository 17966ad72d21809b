"""A mill."""


def fill(beans):
    """Fill the mill."""
    return beans


def grind(beans):
    """Grind."""
    # <pdd-keep>
    print("brr")
    # </pdd-keep>
    return beans * 2
