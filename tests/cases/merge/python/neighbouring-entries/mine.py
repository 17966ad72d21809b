PRICES = {
    "apple": 11,
    "pear": 12,
}
