connect("db", 3)
