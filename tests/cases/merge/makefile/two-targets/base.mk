fill:
	echo fill

grind: fill
	echo grind
