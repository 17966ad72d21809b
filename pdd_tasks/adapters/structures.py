"""Which adapter reads the structure of which language, loaded when it is asked for."""

from importlib.util import find_spec
from typing import Final

from pdd_tasks.core.merge.structure import Structure


_TREES: Final = frozenset(
    {
        *("javascript", "javascriptreact", "typescript", "typescriptreact"),
        *("go", "rust", "java", "c", "cpp", "bash"),
    }
)


def structure_of(language: str) -> Structure | None:
    """Return what reads a language's structure; None if nobody here can.

    Args:
        language: Its name in ``languages.yaml``.
    """
    if language == "python":
        from pdd_tasks.adapters.python.structure import PythonStructure

        return PythonStructure()
    if language not in _TREES or not find_spec("tree_sitter"):
        return None
    from pdd_tasks.adapters.treesitter.grammar import parser_of
    from pdd_tasks.adapters.treesitter.structure import TreeSitterStructure

    is_known = parser_of(language) is not None
    return TreeSitterStructure(language) if is_known else None
