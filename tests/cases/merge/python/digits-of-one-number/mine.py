price = tax(net, 2.5)
