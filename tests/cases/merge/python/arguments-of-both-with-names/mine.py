connect("db", retries=3, timeout=5)
