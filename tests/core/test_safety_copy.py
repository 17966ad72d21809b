from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from pdd_tasks.core.model.safety_copy import (
    SafetyCopy,
    copy_id,
    expired,
    from_message,
    is_copy_id,
    is_moment,
    message,
    named,
    newest_first,
)


AT = "2026-11-20T11:22:33Z"
RAW = "a" * 64
COPY = SafetyCopy(
    id="20261120T112233Z-a_python",
    unit="a_python",
    at=AT,
    files={PurePosixPath("src/a.py"): RAW, PurePosixPath("odd\n\udcff: x"): "b" * 64},
    because="the prompt\n\nPDD-Unit: changed",
    where="refs/pdd/safety/20261120T112233Z-a_python",
)


@pytest.mark.parametrize(
    "unit, expected",
    [
        pytest.param("a_python", "a_python", id="plain"),
        pytest.param("b/a.b_python", "b%2Fa%2Eb_python", id="folder and point"),
        pytest.param("100%~^:?*[\\ @{_c", None, id="signs a ref cannot have"),
        pytest.param("ü\udcff_c", "%C3%BC%FF_c", id="other letters"),
    ],
)
def test_a_name_is_good_for_a_ref_and_tells_the_unit(unit, expected):
    name = copy_id(unit, AT)
    assert name == f"20261120T112233Z-{expected or name[17:]}"
    assert set(name) <= {*"-_%", *map(chr, range(48, 58)), *map(chr, range(65, 123))}
    assert is_copy_id(name)
    assert named(name) == (unit, AT)
    assert named(copy_id(unit, AT, 12)) == (unit, AT)


def test_long_names_of_units_differ_to_the_end_and_are_cut():
    one, two = (copy_id(f"{'ü' * 100}{end}_python", AT) for end in "ab")
    assert one != two
    assert len(one) == len(two) < 200


@pytest.mark.parametrize(
    "name", ["", "notes", "20261120T112233Z-", "20261399T000000Z-a"]
)
def test_another_name_is_none_of_ours(name):
    assert not is_copy_id(name)
    with pytest.raises(ValueError, match=r"not the name|does not match"):
        named(name)


@pytest.mark.parametrize("root", ["", "services/a", "odd\n\udcff"])
def test_a_message_tells_all_of_a_copy(root):
    text = message(COPY, root)
    assert text.startswith(
        "Safety copy of a_python\n\nKept before: the prompt PDD-Unit:"
    )
    assert text.isascii()
    found = from_message(text, root, name=COPY.id, at=AT, where=COPY.where)
    assert found == COPY
    assert from_message(text, "elsewhere", name=COPY.id, at=AT, where="") is None


def test_a_message_without_a_reason_says_so():
    text = message(replace(COPY, because=""), "")
    assert "Kept before: no reason given" in text


@pytest.mark.parametrize(
    "old, new",
    [
        pytest.param("PDD-Safety: 1", "PDD-Safety: 2", id="newer"),
        pytest.param("PDD-Unit: ", "Unit: ", id="no unit"),
        pytest.param('PDD-Unit: "a_python"', "PDD-Unit: 1", id="no text"),
        pytest.param('PDD-Unit: "a_python"', "PDD-Unit: {", id="no JSON"),
        pytest.param(f"PDD-File: {RAW}", "PDD-File: 1", id="no digest"),
        pytest.param("PDD-", "PDD: ", id="no trailers"),
    ],
)
def test_another_message_is_none_of_ours(old, new):
    text = message(COPY, "")
    assert old in text
    changed = text.replace(old, new)
    assert from_message(changed, "", name=COPY.id, at=AT, where="") is None


def test_the_newest_come_first_and_numbers_count():
    names = [copy_id("a", AT, number) for number in (2, 1, 10)]
    copies = [replace(COPY, id=name) for name in names]
    copies.append(replace(COPY, id="x", at="2027-01-01T00:00:00Z"))
    found = [copy.id[-3:] for copy in newest_first(copies)]
    assert found == ["x", ".10", "a.2", "Z-a"]


@pytest.mark.parametrize(
    "days, keep, expected",
    [
        pytest.param(90, 1, ["2026-01-01"], id="beyond the days"),
        pytest.param(30, 1, ["2026-03-01", "2026-01-01"], id="fewer days"),
        pytest.param(1, 1, ["2026-03-01", "2026-01-01"], id="never below thirty"),
        pytest.param(30, 3, ["2026-01-01"], id="the number is kept"),
        pytest.param(30, 0, ["2026-03-01", "2026-01-01"], id="the last is kept"),
        pytest.param(30, 9, [], id="fewer than the number"),
    ],
)
def test_copies_expire_by_age_and_number(days, keep, expected):
    dates = ("2026-01-01", "2026-03-01", "2026-04-20", "2026-05-01")
    copies = [replace(COPY, id=d, at=f"{d}T00:00:00Z") for d in dates]
    found = expired(copies, "2026-05-10T00:00:00Z", days=days, keep=keep)
    assert [copy.id for copy in found] == expected


@pytest.mark.parametrize("text", ["", "yesterday", "2026-11-20", "2026-11-20T11:22:33"])
def test_only_one_form_of_a_moment_is_ours(text):
    assert is_moment(AT)
    assert not is_moment(text)
