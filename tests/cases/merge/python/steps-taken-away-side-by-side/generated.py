def work():
    first()
    second()
    fourth()
