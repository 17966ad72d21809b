title = "A small farm"
