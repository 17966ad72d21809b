class Two:
    """Two."""


class One:
    """One, or none."""


class Three:
    """Three."""
