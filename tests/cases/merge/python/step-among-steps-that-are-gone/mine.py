def work():
    first()
    fourth()
