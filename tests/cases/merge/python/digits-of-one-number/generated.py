price = tax(net, 1.6)
