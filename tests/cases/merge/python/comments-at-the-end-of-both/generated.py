def work():
    one()
    # An end.


def rest():
    two()
