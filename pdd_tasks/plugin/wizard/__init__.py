"""The merge wizard: one review of hunks, and three faces to it."""
