class One:
    """One."""


class Two:
    """Two."""


class Three:
    """Three."""
