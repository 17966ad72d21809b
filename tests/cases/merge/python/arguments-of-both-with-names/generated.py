connect("db", retries=3, user="me")
