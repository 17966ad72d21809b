def connect(host, port=80, timeout=5):
    return host, port
