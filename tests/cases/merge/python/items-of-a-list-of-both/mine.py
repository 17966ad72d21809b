STEPS = [
    "wash",
    "dry",
    "fold",
]
