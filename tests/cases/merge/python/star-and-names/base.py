from shop import *
from till import pay
