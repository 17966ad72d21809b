def rest():
    return {4: 5}


NAME = "x"
