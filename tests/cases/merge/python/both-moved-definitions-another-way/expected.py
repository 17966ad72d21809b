class Two:
    """Two, or more."""


class One:
    """One, or none."""


class Three:
    """Three."""
