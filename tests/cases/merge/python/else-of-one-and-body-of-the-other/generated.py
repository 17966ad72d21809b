def work(path):
    if path:
        show(path, size=2)
