from shop import one
from till import pay

print(pay())
