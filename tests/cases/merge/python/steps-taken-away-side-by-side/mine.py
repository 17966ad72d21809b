def work():
    first()
    third()
    fourth()
