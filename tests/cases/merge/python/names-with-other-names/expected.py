from shop import one as first, three, two, zero
