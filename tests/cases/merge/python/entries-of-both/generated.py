PRICES = {
    "apple": 10,
    "pear": 12,
    "fig": 9,
}
