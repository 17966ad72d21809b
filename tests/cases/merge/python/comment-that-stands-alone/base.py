import one

# Section.

X = 1
