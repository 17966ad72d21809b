def load(path):
    try:
        data = open(path).read()
    except OSError:
        return b""
    return data
