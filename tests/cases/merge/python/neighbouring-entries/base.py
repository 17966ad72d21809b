PRICES = {
    "apple": 10,
    "pear": 12,
}
