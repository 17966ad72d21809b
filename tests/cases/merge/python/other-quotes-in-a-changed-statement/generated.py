def hint(name):
    return (
        "Use a callable instead, e.g., use `%s` "
        "instead of `%s`." % (name, name)
    )
