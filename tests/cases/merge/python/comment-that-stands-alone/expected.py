import one

# A section.

X = 2
