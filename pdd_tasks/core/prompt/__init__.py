"""What goes to a model as text, and what comes back as values."""
