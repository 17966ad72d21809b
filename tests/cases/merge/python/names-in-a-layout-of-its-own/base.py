from shop.goods import (Article,
                        Voucher)

ARTICLES = [Article, Voucher]
