__all__ = ["Basket", "net"]


class Basket:
    pass


def net():
    return 1
