def two():
    return 2


LIMIT = 3


def one():
    return 1
