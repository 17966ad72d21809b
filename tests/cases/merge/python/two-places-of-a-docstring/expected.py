def work(size):
    """Do the work.

    It takes a day.

    Args:
        size: How much, in tons.
    """
    step(size, 1)
    return size or 0
