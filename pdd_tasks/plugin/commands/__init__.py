"""Commands of our own, one module each; none takes a name that doit has."""
