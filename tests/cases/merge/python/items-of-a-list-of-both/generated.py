STEPS = [
    "wash",
    "dry",
    "iron",
]
