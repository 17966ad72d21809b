def work():
    one()
    # Nothing more is to be done today.


def rest():
    two()
