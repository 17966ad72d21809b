def work(path):
    if path:
        show(path)
