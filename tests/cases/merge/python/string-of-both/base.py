title = "A small shop"
