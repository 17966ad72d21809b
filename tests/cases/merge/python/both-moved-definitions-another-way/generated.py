class One:
    """One."""


class Three:
    """Three."""


class Two:
    """Two, or more."""
