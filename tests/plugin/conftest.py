"""Examples synced once for all tests, with a copy of the project before each step."""

import pytest
from stages import Recorded, record


@pytest.fixture(scope="session")
def calculator(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """Return the calculator's uninterrupted sync."""
    return record("calculator", tmp_path_factory.mktemp("calculator"))


@pytest.fixture(scope="session")
def roman(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """Return the uninterrupted sync of the roman numerals."""
    return record("roman", tmp_path_factory.mktemp("roman"))
