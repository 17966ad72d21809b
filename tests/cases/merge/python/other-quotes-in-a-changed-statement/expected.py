def hint(name):
    return (
        "Use a callable instead, e.g., use `%s` "
        'and never `%s`.' % (name, name)
    )
