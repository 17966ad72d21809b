"""Models: asked live, priced, paid for, and their replies kept."""
