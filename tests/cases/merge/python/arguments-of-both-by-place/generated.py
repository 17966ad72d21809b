connect("db", 3, "me")
