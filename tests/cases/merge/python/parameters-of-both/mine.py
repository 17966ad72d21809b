def connect(host, port=80, user=None):
    return host, port
