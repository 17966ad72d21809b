fill:
	echo filling

grind: fill
	echo grinding
