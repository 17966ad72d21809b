"""Prices of a small shop."""

import json
from decimal import Decimal

from shop.goods import Article

RATE = Decimal("0.19")


def net(article: Article) -> Decimal:
    """Return the price without tax."""
    price = article.price
    return price / (1 + RATE)


def gross(articles: list[Article]) -> Decimal:
    """Return what a customer pays."""
    total = Decimal(0)
    for article in articles:
        total += article.price
    return total


class Basket:
    """What a customer wants to buy."""

    def __init__(self, owner: str) -> None:
        self.owner = owner
        self.name = owner.title()
        self.articles: list[Article] = []

    def add(self, article: Article) -> None:
        self.articles.append(article)

    def total(self) -> Decimal:
        return gross(self.articles)


def dump(basket: Basket) -> str:
    """Return a basket as text."""
    return json.dumps({"owner": basket.owner, "total": str(basket.total())})
