fill:
	echo fill

grind: fill
	echo grinding
