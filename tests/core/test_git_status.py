from pdd_tasks.core.model.git_status import (
    Changed,
    Code,
    GitStatus,
    Renamed,
    Sides,
    Unmerged,
    Untracked,
)


NONE = "0" * 40
CHANGED = Changed(
    path="new",
    index=Code.RENAMED,
    worktree=Code.SAME,
    submodule=None,
    modes=("100644", "100644", "100644"),
    objects=(NONE, NONE),
)
UNMERGED = Unmerged(
    path="both",
    sides=Sides.BOTH_MODIFIED,
    submodule=None,
    modes=("100644", "100644", "100644", "100644"),
    objects=(NONE, NONE, NONE),
)


def _renamed(*, copied: bool) -> Renamed:
    return Renamed(change=CHANGED, source="old", copied=copied, score=100)


def test_what_is_unmerged_is_found_by_its_path():
    status = GitStatus(entries=(CHANGED, UNMERGED, Untracked(path="other")))
    assert status.unmerged == {"both": UNMERGED}


def test_a_rename_is_found_by_its_new_path():
    status = GitStatus(entries=(UNMERGED, _renamed(copied=False)))
    assert status.renamed == {"new": _renamed(copied=False)}


def test_a_copy_is_no_rename():
    assert GitStatus(entries=(_renamed(copied=True),)).renamed == {}
