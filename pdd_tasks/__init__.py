"""Prompt-driven development as a build graph on doit.

Four layers, imports pointing down:

- `pdd_tasks.plugin`: what doit loads (tasks, dependency, actions, commands).
- `pdd_tasks.engine`: performs a plan through ports.
- `pdd_tasks.adapters`: the world, each part fitting one port.
- `pdd_tasks.core`: pure values and decisions.

A ``dodo.py`` needs one name from here, `doit_project`.
"""

__version__ = "0.1.0"
