price = store.till.total(net, rate)
