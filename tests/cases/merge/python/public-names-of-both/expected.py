__all__ = ["Basket", "dump", "gross", "net"]


class Basket:
    pass


def net():
    return 1


def gross():
    return 2


def dump():
    return 3
