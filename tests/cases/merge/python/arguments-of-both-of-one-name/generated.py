connect("db", retries=3, timeout=9)
