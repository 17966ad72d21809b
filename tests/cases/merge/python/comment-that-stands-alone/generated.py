import one

# Section.

X = 2
