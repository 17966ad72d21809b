def work(size):
    """Do the work.

    It takes long.

    Args:
        size: How much.
    """
    step(size)
    return size
