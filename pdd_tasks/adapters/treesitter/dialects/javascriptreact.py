"""JavaScript with elements in it."""

from dataclasses import replace
from typing import Final

from pdd_tasks.adapters.treesitter.dialects import javascript


DIALECT: Final = replace(javascript.DIALECT, grammar="javascriptreact")
