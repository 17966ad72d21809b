def work():
    one()
    # End.


def rest():
    two()
