STEPS = [
    "wash",
    "dry",
]
