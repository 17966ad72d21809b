"""Tests added to an older test file, as the Python adapter adds them."""

import textwrap

from pdd_tasks.adapters.python.syntax import PythonSyntax
from pdd_tasks.core.merge.accumulated import Accumulated


SYNTAX = PythonSyntax()

OLD = '''\
"""Old tests."""
import pytest
from calc import add

LIMIT = 3


def make():
    return 1


@pytest.fixture
def client():
    return make()


def test_add():
    assert add(1, 2) == LIMIT


class TestMore:
    def test_one(self):
        assert make() == 1


if __name__ == "__main__":
    pytest.main()
'''


def add(new: str, old: str = OLD) -> Accumulated:
    """Return the older tests with new ones added."""
    return SYNTAX.accumulated(old, textwrap.dedent(new))


def tail(result: Accumulated, old: str = OLD) -> str:
    """Return what was added at the end."""
    last = old.rstrip().splitlines()[-1]
    return result.text.rpartition(last)[2].strip("\n")
