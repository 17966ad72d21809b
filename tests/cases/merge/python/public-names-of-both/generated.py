__all__ = ["Basket", "dump", "net"]


class Basket:
    pass


def net():
    return 1


def dump():
    return 3
