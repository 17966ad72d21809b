def work(path):
    text = path.read()
    lines = text.split()
    return lines
