from pathlib import PurePosixPath

import pytest

from pdd_tasks.adapters.python.definition import python_slice


TEXT = '''import os

@decorated
@twice(1)
def f(x):
    """Doc."""
    return x

class Stack:
    size = 0

    def push(self):
        pass

    async def pull(self):
        pass

if os.name == "posix":
    def where():
        return 1
else:
    def where():
        return 2
'''
PATH = PurePosixPath("src/a.py")


@pytest.mark.parametrize(
    "kind, name, first, last",
    [
        pytest.param("def", "f", "@decorated", "    return x", id="with-decorators"),
        pytest.param("class", "Stack", "class Stack:", "        pass", id="class"),
        pytest.param("def", "Stack.push", "    def push", "        pass", id="method"),
        pytest.param("def", "Stack.pull", "    async def", "        pass", id="async"),
        pytest.param("def", "where", "    def where", "return 2", id="both-branches"),
    ],
)
def test_a_definition_is_taken_whole(kind, name, first, last):
    found = python_slice(PATH, TEXT, kind, name)
    assert found is not None
    assert found.startswith(first)
    assert found.endswith(last)


@pytest.mark.parametrize(
    "text, kind, name, reason",
    [
        pytest.param(TEXT, "def", "g", "there is no def g", id="unknown"),
        pytest.param(TEXT, "class", "f", "there is no class f", id="a-function"),
        pytest.param(TEXT, "def", "f.g", "there is no def f.g", id="not-in-a-class"),
        pytest.param("def f(:", "def", "f", "it is not valid Python", id="broken"),
    ],
)
def test_what_is_not_there_is_said(text, kind, name, reason):
    with pytest.raises(LookupError, match=reason):
        python_slice(PATH, text, kind, name)


def test_other_languages_are_not_read():
    assert python_slice(PurePosixPath("a.go"), TEXT, "def", "f") is None
