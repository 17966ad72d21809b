def work():
    one()
    # Nothing more is to be done.


def rest():
    two()
