def work():
    one(1)
    # Nothing more is to be done.


def rest():
    two()
