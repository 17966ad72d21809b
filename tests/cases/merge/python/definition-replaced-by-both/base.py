def work():
    return 1


NAME = "x"
