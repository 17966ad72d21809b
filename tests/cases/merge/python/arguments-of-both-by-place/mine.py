connect("db", 3, 5)
