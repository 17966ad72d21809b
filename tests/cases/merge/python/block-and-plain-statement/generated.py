def work(path):
    text = path.read()
    if text:
        show(text)
