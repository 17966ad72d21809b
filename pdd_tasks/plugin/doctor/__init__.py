"""What ``doit doctor`` looks for: each kind of trouble in a module of its own."""
