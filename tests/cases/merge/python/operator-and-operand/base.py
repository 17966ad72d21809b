speed = distance / time
