"""The code of a unit as texts: one file, or several such as a header and its source."""

from collections.abc import Mapping
from pathlib import PurePosixPath

from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.plan.change import Aspect
from pdd_tasks.engine.comparison import same_aspect
from pdd_tasks.engine.material import section
from pdd_tasks.engine.ports import Syntax
from pdd_tasks.engine.view import View


Texts = Mapping[PurePosixPath, str]
"""Path → text of every code file of a unit; empty for one that is absent."""


def texts(view: View) -> Texts:
    """Return the code as it stands."""
    return {path: view.snapshot.text(path) for path in view.unit.code}


def with_files(old: Texts, files: Mapping[PurePosixPath, bytes]) -> Texts:
    """Return some code with the files among others that belong to it."""
    return {
        path: files[path].decode() if path in files else text
        for path, text in old.items()
    }


def shown(code: Texts, tag: str, title: str = "") -> str:
    """Return the code's sections: each under its path, a single file under a title.

    Args:
        code: The code.
        tag: Tag of the fences.
        title: What stands above a single file; its path, if empty.
    """
    if len(code) == 1:
        return "".join(section(title or str(p), t, tag) for p, t in code.items())
    parts = (section(f"File: {path}", text, tag) for path, text in code.items())
    return "".join(parts)


def public_names(unit: DevUnit, syntax: Syntax, code: Texts) -> frozenset[str]:
    """Return the names that other programs may use, of what parses."""
    said = (code[path] for path in unit.headers if not syntax.problem(code[path]))
    return frozenset[str]().union(*(syntax.public_names(text) for text in said))


def interface(unit: DevUnit, syntax: Syntax, code: Texts) -> str:
    """Return the public interface."""
    return "".join(syntax.interface(code[path]) for path in unit.headers)


def is_same_interface(view: View, before: Texts, now: Texts) -> bool:
    """Return whether two versions of the code have the same public interface."""
    return all(
        same_aspect(view.syntax, before[path], now[path], Aspect.INTERFACE)
        for path in view.unit.headers
    )
