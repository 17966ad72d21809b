def work():
    one(1)
    # Nothing more is to be done today.


def rest():
    two()
