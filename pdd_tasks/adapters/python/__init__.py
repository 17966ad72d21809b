"""Python: its syntax read, its programs run, what they say understood."""
