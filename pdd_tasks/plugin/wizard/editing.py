"""What the faces of the wizard have to work with; a hunk in a person's editor."""

from collections.abc import Callable
from dataclasses import dataclass

from pdd_tasks.core.merge.hunk import Edited, Hunk, taken
from pdd_tasks.core.merge.markers import left_in, marked
from pdd_tasks.core.merge.result import Region
from pdd_tasks.core.merge.review import Review
from pdd_tasks.engine.resolution import OpenConflict
from pdd_tasks.errors import PddError


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a person decides, and what helps.

    Attributes:
        conflict: The conflict.
        edit: Shows a text in an editor; returns what it became, None if it stayed.
        problem: Returns why a text must not be saved; None if it may.
    """

    conflict: OpenConflict
    edit: Callable[[str], str | None]
    problem: Callable[[str], str | None]

    def refusal(self, review: Review) -> str | None:
        """Return why a review cannot be saved yet; None if it can."""
        text = review.text
        if text is None:
            numbers = ", ".join(str(number + 1) for number in review.open)
            return f"still undecided: {numbers} of {len(review.choices)}"
        found = self.problem(text)
        return None if found is None else f"it does not parse: {found}"


def edited_hunk(review: Review, desk: Desk) -> Review:
    """Return the review after a person edited the hunk that is looked at.

    What was chosen for it is edited; if nothing was, both sides between markers.
    The review itself if nothing was changed.

    Raises:
        PddError: If the editor fails, or conflict markers are left in the text.
    """
    if not review.hunks:
        return review
    hunk, choice = review.hunks[review.at], review.choices[review.at]
    text = desk.edit(_between_markers(hunk) if choice is None else taken(hunk, choice))
    if text is None:
        return review
    left = left_in(text, [hunk.base or "", hunk.mine, hunk.generated])
    if left:
        msg = f"line {left[0]} of what you edited is still a conflict marker"
        raise PddError(msg, hint="edit it again, and delete all markers")
    return review.chosen(Edited(text))


def _between_markers(hunk: Hunk) -> str:
    region = Region(base=hunk.base or "", mine=hunk.mine, generated=hunk.generated)
    return marked([region])
