def work():
    first()
    second()
    third()
