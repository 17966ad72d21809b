def work(size):
    """Do the work.

    It takes long.

    Args:
        size: How much, in tons.
    """
    step(size)
    return size or 0
