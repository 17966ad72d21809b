"""One module for each kind of work a step does."""
