title = "A big shop"
