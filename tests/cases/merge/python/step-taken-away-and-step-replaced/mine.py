def work():
    first()
    third()
