from shop import two
from till import pay
