"""Examples synced once for all tests of this folder, and copies of them."""

import os
import shutil
from pathlib import Path

import pytest
import seeded
from filelock import FileLock
from project import Project, Said
from repository import Repository
from stages import Recorded, record
from surface import owned


@pytest.fixture(scope="session")
def calculator(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """Return the calculator's uninterrupted sync, with a copy before each step."""
    return record("calculator", tmp_path_factory.mktemp("calculator"))


@pytest.fixture(scope="session")
def roman(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """Return the uninterrupted sync of the roman numerals."""
    return record("roman", tmp_path_factory.mktemp("roman"))


@pytest.fixture(scope="session")
def first_calculator(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Said]:
    """Return a user's calculator synced from scratch, and what was said."""
    return owned("calculator", tmp_path_factory.mktemp("first"))


@pytest.fixture
def synced(first_calculator: tuple[Project, Said], tmp_path: Path) -> Project:
    """Return a copy of a user's calculator, in sync."""
    root = tmp_path / "calculator"
    shutil.copytree(first_calculator[0].root, root)
    return Project(root)


@pytest.fixture(scope="session")
def committed_calculator(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Return a calculator that was synced and committed, with its recordings."""
    project = Project.of_example("calculator", tmp_path_factory.mktemp("committed"))
    repository = Repository(project.root)
    assert project.doit("sync:calculator").code == 0
    repository.commit()
    return repository


@pytest.fixture
def repository(committed_calculator: Repository, tmp_path: Path) -> Repository:
    """Return a clone of it."""
    clone = Repository(tmp_path / "clone", init=())
    clone.git("clone", "-q", str(committed_calculator.root), ".")
    return clone


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a chain of three units in sync, committed; one for all workers."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "shop"
    with FileLock(f"{folder}.lock"):
        if not (folder / "made").exists():
            seeded.seeded(folder)
            (folder / "made").touch()
    return Project(folder / "receipt")
