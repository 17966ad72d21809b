"""Prompt-driven development as a build graph on doit.

Four layers, imports pointing down:

- `pdd_tasks.plugin`: what doit loads (tasks, dependency, actions, commands).
- `pdd_tasks.engine`: performs a plan through ports.
- `pdd_tasks.adapters`: the world, each part fitting one port.
- `pdd_tasks.core`: pure values and decisions.

A ``dodo.py`` needs one name from here, `doit_project`.
"""

from collections.abc import Callable, Iterator
from typing import Any


__version__ = "0.1.0"


def doit_project(
    *roots: str,
) -> tuple[dict[str, Any], Callable[[], Iterator[Any]]]:
    """Return what a ``dodo.py`` needs: ``DOIT_CONFIG`` and ``task_sync``.

    Args:
        roots: Folders of projects, or globs of them, relative to the ``dodo.py``;
            none means the folder itself.
    """
    # doit is loaded only by those who ask for tasks, not by every import
    from pdd_tasks.plugin.uncollected import uncollected

    with uncollected():
        from pdd_tasks.plugin.door import doit_project as door

    return door(*(roots or (".",)))
