def work():
    first()
    other(1, 2, 3)
    third()
