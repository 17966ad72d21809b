price = shop.till.total(net, rate)
