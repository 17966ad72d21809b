def one(:
    return 1


def four():
    return 4


def two():
    return 2
