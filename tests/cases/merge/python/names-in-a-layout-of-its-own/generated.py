from shop.goods import (Article,
                        Voucher,
                        Zone)

ARTICLES = [Article, Voucher]
