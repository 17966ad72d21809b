connect("db", retries=3)
