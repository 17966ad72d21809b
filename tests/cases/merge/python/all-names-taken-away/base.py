from shop import one, two
from till import pay

print(pay())
