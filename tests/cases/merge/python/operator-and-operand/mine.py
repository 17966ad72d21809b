speed = distance * time
