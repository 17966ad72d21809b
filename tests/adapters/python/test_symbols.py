"""The definitions of a text: their names, and when two of them say the same."""

from pdd_tasks.adapters.python.syntax import PythonSyntax


TEXT = '''\
"""A module."""
import os

LIMIT: int = 3
first, second = 1, 2


class Shape(Base):
    """A shape."""

    sides = 4

    @property
    def area(self):
        def inner(): ...
        return self.a * self.b

    @area.setter
    def area(self, value): ...


if LIMIT:
    def late(): ...
else:
    def late(): return 1


match LIMIT:
    case found: ...
'''


def definitions(text):
    return PythonSyntax().definitions(text)


def test_names_are_qualified_and_places_told_apart():
    assert list(definitions(TEXT)) == [
        *("LIMIT", "first", "second"),
        *("Shape", "Shape.sides", "Shape.area", "Shape.area (2)"),
        *("late", "late (2)", "found"),
    ]


def test_layout_comments_and_docstrings_do_not_show():
    laid_out = TEXT.replace("self.a * self.b", "(self.a  # width\n * self.b)")
    assert definitions(laid_out.replace("A shape.", "Any")) == definitions(TEXT)


def test_a_change_shows_in_one_definition():
    changed = definitions(TEXT.replace("self.a *", "self.a +"))
    assert {k for k, v in definitions(TEXT).items() if changed[k] != v} == {
        "Shape.area"
    }


def test_a_class_says_how_it_is_opened():
    changed = definitions(TEXT.replace("Shape(Base)", "Shape(Other)"))
    assert {k for k, v in definitions(TEXT).items() if changed[k] != v} == {"Shape"}


def test_a_text_that_does_not_parse_has_none():
    assert definitions("def broken(:\n") == {}
