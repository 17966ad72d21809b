def work(size):
    """Do the work.

    It takes a week.

    Args:
        size: How much.
    """
    step(size)
    return size
