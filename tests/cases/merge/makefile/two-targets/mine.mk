fill:
	echo filling

grind: fill
	echo grind
