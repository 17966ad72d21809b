PRICES = {
    "apple": 11,
    "pear": 13,
}
