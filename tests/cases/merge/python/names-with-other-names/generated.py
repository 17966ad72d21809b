from shop import one as first, two, zero
