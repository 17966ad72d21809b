"""The dialects, one module each, loaded when one is needed."""

from importlib import import_module

from pdd_tasks.adapters.treesitter.dialect import Dialect
from pdd_tasks.adapters.treesitter.grammar import parser_of
from pdd_tasks.errors import ConfigError


def dialect_of(name: str) -> Dialect:
    """Return a dialect whose grammar is installed.

    Args:
        name: One of `syntax.DIALECTS`, each a module of this package.

    Raises:
        ConfigError: If its grammar is not installed.
    """
    module = import_module(f"{__name__}.{name}")
    found: Dialect = module.DIALECT
    if parser_of(found.grammar) is None:
        msg = f"the grammar of {name} is not installed"
        raise ConfigError(msg, hint="pip install 'pdd-tasks[languages]'")
    return found
