price = tax(net, 1.5)
