def work(path):
    text = path.read()
    if text:
        print(text)
