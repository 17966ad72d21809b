def work():
    first()
    second()
    third()
    fourth()
