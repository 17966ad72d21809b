speed = distance / hours
