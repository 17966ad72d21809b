def work(path):
    if path:
        show(path, 1)
    else:
        hide()
