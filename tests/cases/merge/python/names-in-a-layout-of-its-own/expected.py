from shop.goods import (Article,
                        Voucher,
                        Wrapping,
                        Zone)

ARTICLES = [Article, Voucher]
