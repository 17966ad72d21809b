def work():
    first()
    second()
    log()
    third()
    fourth()
