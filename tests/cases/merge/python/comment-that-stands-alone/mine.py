import one

# A section.

X = 1
