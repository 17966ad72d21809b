def work(path):
    with path.lock():
        text = path.read()
        lines = text.split()
    return lines
