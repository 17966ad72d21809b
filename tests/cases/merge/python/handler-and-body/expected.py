def load(path):
    try:
        data = open(path, "rb").read()
    except OSError:
        return b""
    return data
