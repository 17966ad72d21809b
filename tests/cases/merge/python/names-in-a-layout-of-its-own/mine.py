from shop.goods import (Article,
                        Voucher,
                        Wrapping)

ARTICLES = [Article, Voucher]
