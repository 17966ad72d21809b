PRICES = {
    "apple": 10,
    "pear": 12,
    "plum": 7,
}
