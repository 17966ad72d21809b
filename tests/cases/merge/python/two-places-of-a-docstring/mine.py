def work(size):
    """Do the work.

    It takes a day.

    Args:
        size: How much.
    """
    step(size, 1)
    return size
