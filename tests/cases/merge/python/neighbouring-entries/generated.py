PRICES = {
    "apple": 10,
    "pear": 13,
}
