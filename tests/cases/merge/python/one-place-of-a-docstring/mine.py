def work(size):
    """Do the work.

    It takes a day.

    Args:
        size: How much.
    """
    step(size)
    return size
