def load(path):
    try:
        data = open(path).read()
    except OSError:
        return None
    return data
