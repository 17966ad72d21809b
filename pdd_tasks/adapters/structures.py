"""Which adapter reads the structure of which language, loaded when it is asked for."""

from pdd_tasks.core.merge.structure import Structure


def structure_of(language: str) -> Structure | None:
    """Return what reads a language's structure; None if nobody here can.

    Args:
        language: Its name in ``languages.yaml``.
    """
    if language == "python":
        from pdd_tasks.adapters.python.structure import PythonStructure

        return PythonStructure()
    return None
