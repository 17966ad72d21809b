price = shop.till.sum(net, rate)
