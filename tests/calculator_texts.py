"""The texts of a small unit, a calculator, and the replies that make it."""

import json
from typing import Final

from pdd_tasks.core.prompt.requirement import requirements


PROMPT: Final = """\
Write a calculator.

- `add` returns the sum of two numbers.
- `sub` returns their difference.
"""
CODE: Final = '''\
"""A calculator."""


def add(a, b):
    """Return the sum."""
    return a + b


def sub(a, b):
    """Return the difference."""
    return a - b
'''
EXAMPLE: Final = """\
from calculator import add, sub

print(add(1, 2))
print(sub(3, 1))
"""
TESTS: Final = """\
from calculator import add, sub


def test_add():
    assert add(1, 2) == 3


def test_sub():
    assert sub(3, 1) == 2
"""
P, C, E, T = (
    "prompts/calculator_python.prompt",
    "src/calculator.py",
    "examples/calculator_example.py",
    "tests/test_calculator.py",
)


def fenced(text: str, tag: str = "python") -> str:
    """Return a reply that holds one file."""
    return f"Here it is.\n\n```{tag}\n{text}```\n"


def named(path: str, text: str) -> str:
    """Return a reply that repairs a file."""
    return f"File: {path}\n\n```python\n{text}```\n"


def judged(prompt: str = PROMPT, confidence: float = 1.0, **unmet: str) -> str:
    """Return a verdict on a prompt.

    Args:
        prompt: Its requirements are judged.
        confidence: How sure the judge is.
        unmet: Requirement → what is quoted against it; all others are met.
    """
    items = [
        {
            "id": name,
            "verdict": "unmet" if name in unmet else "met",
            "quote": unmet.get(name, "def add"),
        }
        for name in requirements(prompt)
    ]
    return json.dumps({"requirements": items, "confidence": confidence})


def usual() -> dict[str, list[str | Exception]]:
    """Return the replies that make the calculator from nothing."""
    return {
        "generate": [fenced(CODE)],
        "example": [fenced(EXAMPLE)],
        "verify": [judged()],
        "test": [fenced(TESTS)],
    }
