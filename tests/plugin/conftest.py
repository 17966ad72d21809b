"""Examples synced once for all tests of this folder, and copies of them."""

import shutil

import pytest
from project import Project
from surface import owned


@pytest.fixture(scope="session")
def first_calculator(tmp_path_factory):
    """Return the calculator synced from scratch, never changed, and what was said."""
    return owned("calculator", tmp_path_factory.mktemp("first"))


@pytest.fixture
def synced(first_calculator, tmp_path):
    """Return a copy of the calculator, in sync."""
    root = tmp_path / "calculator"
    shutil.copytree(first_calculator[0].root, root)
    return Project(root)
