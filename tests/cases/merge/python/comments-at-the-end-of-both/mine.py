def work():
    one()
    # The end.


def rest():
    two()
