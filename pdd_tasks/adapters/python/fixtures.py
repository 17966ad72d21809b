"""Fixtures of pytest, as far as a file's text tells of them."""

import ast
from collections.abc import Iterator
from typing import Final

from pdd_tasks.adapters.python.effects import at_import
from pdd_tasks.adapters.python.tree import Function


# Those of pytest and of its usual plugins: others stand on them.
KNOWN: Final = frozenset(
    {
        *("cache", "capfd", "capfdbinary", "caplog", "capsys", "capsysbinary"),
        *("capteesys", "doctest_namespace", "monkeypatch", "pytestconfig"),
        *("record_property", "record_testsuite_property", "record_xml_attribute"),
        *("recwarn", "request", "subtests", "tmp_path", "tmp_path_factory"),
        *("tmpdir", "tmpdir_factory", "testdir", "pytester", "mocker", "cov"),
        *("event_loop", "event_loop_policy", "anyio_backend", "unused_tcp_port"),
        *("benchmark", "no_cover", "worker_id", "testrun_uid"),
    }
)
ANY: Final = "*"
"""Stands for a fixture's name that only a run would tell."""


def fixtures(tree: ast.AST) -> frozenset[str]:
    """Return the names of a tree's functions that are fixtures."""
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, Function)
        for mark in node.decorator_list
        if _makes_fixture(mark.func if isinstance(mark, ast.Call) else mark)
    )


def given_names(tree: ast.AST) -> Iterator[str]:
    """Yield the names that a tree gives its fixtures apart from their functions'.

    Yields:
        Names, or `ANY`.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _makes_fixture(node.func):
            yield from _given(node)


def is_autouse(node: ast.stmt) -> bool:
    """Return whether a statement makes a fixture that nobody needs to ask for.

    In a class it is for the tests of the class alone.
    """
    if isinstance(node, ast.ClassDef):
        return False
    return any(
        keyword.arg == "autouse" or (keyword.arg is None and _makes_fixture(each.func))
        for each in at_import(node)
        if isinstance(each, ast.Call)
        for keyword in each.keywords
    )


def _given(call: ast.Call) -> Iterator[str]:
    for keyword in call.keywords:
        if keyword.arg == "name":
            match keyword.value:
                case ast.Constant(value=str(name)):
                    yield name
                case _:
                    yield ANY


def _makes_fixture(called: ast.expr) -> bool:
    """Return whether an expression is what makes fixtures, by its name."""
    name = getattr(called, "attr", getattr(called, "id", ""))
    return str(name).endswith("fixture")
