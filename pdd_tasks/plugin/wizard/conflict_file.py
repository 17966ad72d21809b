"""Conflict files: a text with markers beside the original, edited at leisure.

Rule 1: a conflict file that a person may have edited is never written over. Rule 2:
what it was made from is remembered, so that an edit of the original in the meantime
is not lost when the conflict file is taken.
"""

import json
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Final

from pdd_tasks.adapters.files import (
    STATE_FOLDER,
    ensure_state_folder,
    folder_name,
    make_folders,
    replace_durably,
)
from pdd_tasks.adapters.git import Git
from pdd_tasks.adapters.refusal import refusing
from pdd_tasks.core.merge.lines import undecided_lines
from pdd_tasks.core.merge.markers import Style, left_in, marked
from pdd_tasks.core.merge.result import Conflicted, Region
from pdd_tasks.core.model.text_style import plain, styled
from pdd_tasks.engine.resolution import OpenConflict
from pdd_tasks.errors import ConflictError


ENDING: Final = ".pdd-conflict"


class ConflictFile:
    """The conflict file of one unit."""

    def __init__(self, root: Path, conflict: OpenConflict) -> None:
        self._root, self._conflict = root, conflict
        unit, path = conflict.unit, conflict.sides.path
        self._name = f"{unit.root / path}{ENDING}"
        self.path = root / f"{path}{ENDING}"
        self._memory = root / STATE_FOLDER / "cache/merge" / folder_name(unit.id)

    def write(self) -> str:
        """Write the file, unless it is there from this very conflict.

        Returns:
            Its name, for people.

        Raises:
            ConflictError: If it is there, and from another conflict.
            PddError: If the disk refuses.
        """
        if self.path.exists():
            self._refuse_other()
            return self._name
        is_known = self._conflict.sides.base is not None
        style = _style(self._root) if is_known else Style.MERGE
        text = marked(_pieces(self._conflict), style)
        data = styled(text, self._conflict.sides.data)
        memory = {**self._made_from(), "written": sha256(data).hexdigest()}
        with refusing(f"write {self._name}"):
            ensure_state_folder(self._root)
            make_folders(self._memory.parent)
            replace_durably(self._memory, json.dumps(memory).encode())
            replace_durably(self.path, data)
        return self._name

    def read(self) -> str:
        """Return the text that a person made of the file.

        Raises:
            ConflictError: If there is no such file, it is of other texts, or a
                conflict is left in it.
        """
        if not self.path.exists():
            msg = f"there is no {self._name}"
            hint = f"run `doit merge {self._conflict.unit.id}` first"
            raise ConflictError(msg, hint=hint)
        self._refuse_other()
        return decided_text(self.path, self._name, self._conflict)

    def park(self, text: str) -> str:
        """Write what a person made, and what could not take its place, beside it.

        Returns:
            Its name, for people.

        Raises:
            PddError: If the disk refuses.
        """
        names = (f"{ENDING}-{number}" for number in count(1))
        beside = (
            self.path.with_name(self.path.name[: -len(ENDING)] + n) for n in names
        )
        free = next(path for path in beside if not path.exists())
        with refusing(f"write {free.name}"):
            replace_durably(free, styled(text, self._conflict.sides.data))
        return str(free.relative_to(self._root))

    def remove(self, *, taken: bool) -> str:
        """Remove the file, unless a person edited it and something else was taken.

        Args:
            taken: Whether its own text was taken.

        Returns:
            What is to be said of it; empty if it is gone.
        """
        with refusing(f"remove {self._name}"):
            if not self.path.exists():
                return ""
            digest = sha256(self.path.read_bytes()).hexdigest()
            if not taken and self._known().get("written") != digest:
                return f"{self._name} holds edits that were not taken: remove it"
            self.path.unlink()
            self._memory.unlink(missing_ok=True)
        return ""

    def _known(self) -> dict[str, str]:
        """Return what is remembered of the file; nothing if that is lost."""
        try:
            found: object = json.loads(self._memory.read_bytes())
        except (OSError, ValueError):
            return {}
        return dict(found) if isinstance(found, dict) else {}

    def _made_from(self) -> dict[str, str]:
        sides = self._conflict.sides
        texts = {"mine": sides.mine, "generated": sides.generated}
        found = {name: sha256(t.encode()).hexdigest() for name, t in texts.items()}
        return {"path": str(sides.path), **found}

    def _refuse_other(self) -> None:
        """Refuse a conflict file that was made of other texts than stand now.

        Raises:
            ConflictError: If it was.
        """
        if not self._made_from().items() <= self._known().items():
            name, unit = self._name, self._conflict.unit.id
            msg = f"{name} is not of the texts that wait now: one of them changed since"
            hint = (
                f"move it away and run `doit merge {unit}` again, or take it all the"
                f" same with `doit merge {unit} --from FILE`"
            )
            raise ConflictError(msg, hint=hint)


def decided_text(path: Path, name: str, conflict: OpenConflict) -> str:
    """Return the text of a file in which a person decided everything.

    Raises:
        ConflictError: If it cannot be read, is no text, or has a marker left.
    """
    try:
        text = plain(path.read_bytes())
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{name} cannot be read: {error}"
        raise ConflictError(msg, hint="name a file in UTF-8") from None
    sides = conflict.sides
    left = left_in(text, [sides.base or "", sides.mine, sides.generated])
    if left:
        msg = f"{name}:{left[0]}: this conflict is not decided yet"
        hint = "decide it, delete its markers, and run the same command again"
        raise ConflictError(msg, hint=hint)
    return text


def _pieces(conflict: OpenConflict) -> tuple[str | Region, ...]:
    if isinstance(conflict.result, Conflicted):
        return conflict.result.pieces
    sides = conflict.sides
    return undecided_lines(sides.base, sides.mine, sides.generated)


def _style(root: Path) -> Style:
    """Return how git is set to write conflicts; with base if nothing is set."""
    said = Git(root).run(["config", "--get", "merge.conflictStyle"]) or b""
    name = said.decode(errors="replace").strip()
    return Style(name) if name in set(Style) else Style.DIFF3
