"""The code in a reply, as it will be checked, proven and published.

Every operation takes its code through here, so that nothing is published that does not
parse, leaves code out, or is not formatted.
"""

from pathlib import PurePosixPath

from pdd_tasks.core.prompt.patch import patched
from pdd_tasks.core.prompt.reply import named_files, one_file
from pdd_tasks.engine.formatting import formatted
from pdd_tasks.engine.source import Texts
from pdd_tasks.engine.work import Work
from pdd_tasks.errors import ReplyError


def code_in(work: Work, text: str, path: PurePosixPath, shown: str = "") -> str:
    """Return the file of the unit's language that a reply makes, formatted.

    Args:
        work: The operation.
        text: The reply: a whole file, or a patch of what the model was shown.
        path: The file it becomes.
        shown: The file as the model was shown it; empty if it was not.

    Raises:
        ReplyError: If there is none, the patch does not fit, or the file does not
            parse or leaves code out.
    """
    tags = work.unit.language.fence
    code = patched(text, shown, tags) if shown else None
    code = one_file(text, tags) if code is None else code
    return _usable(work, path, code)


def codes_in(work: Work, text: str, old: Texts) -> dict[PurePosixPath, str]:
    """Return all code files of the unit that a reply makes, formatted.

    Args:
        work: The operation.
        text: The reply: a file or a patch of it; of a unit with several code
            files all of them, named.
        old: The code as the model was shown it.

    Raises:
        ReplyError: As for `code_in`; if a file is missing, unknown or unnamed.
    """
    if len(old) == 1:
        return {path: code_in(work, text, path, old[path]) for path in old}
    found = named_files(text, tuple(old), work.unit.language.fence)
    return {path: _usable(work, path, code) for path, code in found.items()}


def _usable(work: Work, path: PurePosixPath, code: str) -> str:
    """Return a file of a reply, formatted.

    Raises:
        ReplyError: If it does not parse or leaves code out.
    """
    where = f"{path}: " if path in work.unit.code[1:] else ""
    if problem := work.view.syntax.problem(code):
        msg = f"the reply is not {work.unit.language.name}: {where}{problem}"
        raise ReplyError(msg)
    if elision := work.view.syntax.elision(code):
        msg = f"the reply leaves code out: {where}{elision}"
        raise ReplyError(msg)
    return formatted(work.world, work.view, path, code)
