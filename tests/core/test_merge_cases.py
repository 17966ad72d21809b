"""Every folder of ``tests/cases/merge`` is a test; its README says how to add one."""

import pytest
from merge_cases import cases, structure

from pdd_tasks.core.merge.ladder import merge
from pdd_tasks.core.merge.markers import marked
from pdd_tasks.core.merge.result import Conflicted, Merged


CASES = cases()


def _merged(case):
    return merge(
        case.base,
        case.mine,
        case.generated,
        structure=structure(case.language),
        mark=case.mark,
    )


def _ids(case):
    return f"{case.language}-{case.name}"


@pytest.mark.parametrize("case", [c for c in CASES if c.expected is not None], ids=_ids)
def test_a_case_is_merged(case):
    result = _merged(case)

    assert isinstance(result, Merged), result
    assert result.text == case.expected


@pytest.mark.parametrize("case", [c for c in CASES if c.expected is None], ids=_ids)
def test_a_case_stays_a_conflict(case):
    result = _merged(case)

    assert isinstance(result, Conflicted), result
    assert result.regions
    if case.marked is not None:
        assert marked(result.pieces) == case.marked
