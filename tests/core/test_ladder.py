import pytest
from hypothesis import given
from hypothesis import strategies as st

from pdd_tasks.core.merge.ladder import merge
from pdd_tasks.core.merge.result import Conflicted, Merged, Method, Region


BASE = "a\nb\nc\nd\ne\n"
TEXTS = st.text("ab \n\r\ufeff", max_size=12)


class _Structure:
    """A language whose texts parse unless they say ``broken``, and what it merges."""

    def __init__(self, merged=None, broken=lambda text: "broken" in text, order=None):
        self._merged, self._broken, self._order = merged, broken, order

    def merged(self, base, mine, generated):
        del base, mine, generated
        return self._merged

    def objection(self, base, mine, generated, merged):
        del base, mine, generated
        return "it does not parse" if self._broken(merged) else None

    def is_reordered(self, base, generated):
        del base
        return generated != (self._order or generated)

    def reordered(self, base, generated):
        del base
        return self._order or generated

    def relaid(self, base, generated, merged):
        del base, generated
        return merged.replace("laid out", "as it came")


def _of_lines(old, new):
    return BASE.replace(old, new)


@pytest.mark.parametrize(
    "base, mine, generated, result",
    [
        pytest.param("a\n", "x\n", "x\n", ("x\n", Method.EQUAL), id="equal"),
        pytest.param("a\n", "x\r\n", "x\n", ("x\r\n", Method.EQUAL), id="but for ends"),
        pytest.param(None, "x\n", "x\n", ("x\n", Method.EQUAL), id="equal, no base"),
        pytest.param("a\n", "x\n", "a\n", ("x\n", Method.MINE), id="only mine"),
        pytest.param(
            "a\n", "a\n", "x\n", ("x\n", Method.GENERATED), id="only generated"
        ),
        pytest.param(
            "a\n",
            "a\r\n",
            "x\n",
            ("x\r\n", Method.GENERATED),
            id="in the style of mine",
        ),
        pytest.param(
            BASE,
            _of_lines("a", "A"),
            _of_lines("e", "E"),
            ("A\nb\nc\nd\nE\n", Method.LINES),
            id="by lines",
        ),
        pytest.param(
            BASE,
            "\ufeff" + _of_lines("a", "A").replace("\n", "\r\n"),
            _of_lines("e", "E"),
            ("\ufeffA\r\nb\r\nc\r\nd\r\nE\r\n", Method.LINES),
            id="by lines, in the style of mine",
        ),
        pytest.param(
            BASE,
            _of_lines("a\n", "A\r\n"),
            _of_lines("e", "E"),
            ("A\r\nb\nc\nd\nE\n", Method.LINES),
            id="each line as it is in mine",
        ),
    ],
)
def test_the_weakest_means_is_taken(base, mine, generated, result):
    text, method = result

    assert merge(base, mine, generated) == Merged(text=text, method=method)


def test_both_in_the_same_line_is_a_conflict():
    result = merge("a\n", "m\n", "g\n")

    region = Region(base="a\n", mine="m\n", generated="g\n")
    assert result == Conflicted(
        pieces=(region,), because="both sides changed the same lines"
    )


def test_without_a_base_each_difference_is_a_place_to_decide():
    result = merge(None, "a\nm\nc\n", "a\ng\nc\nd\n")

    assert isinstance(result, Conflicted)
    assert [(r.base, r.mine, r.generated) for r in result.regions] == [
        ("", "m\n", "g\n"),
        ("", "", "d\n"),
    ]
    assert result.because == "nobody knows what both started from"


def test_generated_text_in_another_order_is_put_into_that_of_the_base():
    generated = "c\nd\nE\na\nb\n"
    structure = _Structure(order="a\nb\nc\nd\nE\n")

    result = merge(BASE, "A\nb\nc\nd\ne\n", generated, structure=structure)

    assert result == Merged(text="A\nb\nc\nd\nE\n", method=Method.LINES)


def test_what_is_merged_in_another_layout_gets_its_own_back():
    structure = _Structure(order="a\nb\nc\nd\nlaid out\n")

    result = merge(BASE, "A\nb\nc\nd\ne\n", "as it came\n", structure=structure)

    assert result == Merged(text="A\nb\nc\nd\nas it came\n", method=Method.LINES)


def test_an_order_that_cannot_be_restored_is_not_merged_by_lines():
    class Stubborn(_Structure):
        def is_reordered(self, base, generated):
            return generated != base

    structure = Stubborn(Merged(text="A\nb\nc\nE\nd\n", method=Method.DEFINITIONS))

    result = merge(BASE, _of_lines("a", "A"), "a\nb\nc\nE\nd\n", structure=structure)

    assert result == Merged(text="A\nb\nc\nE\nd\n", method=Method.DEFINITIONS)


def test_what_lines_cannot_merge_structure_may():
    found = Merged(text="m\ng\n", method=Method.TOKENS)

    assert merge("a\n", "m\n", "g\n", structure=_Structure(found)) == found


def test_a_merge_that_a_gate_refuses_is_a_conflict():
    found = Merged(text="broken\n", method=Method.TOKENS)

    result = merge("a\n", "m\n", "g\n", structure=_Structure(found))

    assert isinstance(result, Conflicted)


def test_lines_that_together_do_not_parse_are_a_conflict_everywhere():
    structure = _Structure(broken=lambda text: "A" in text and "E" in text)

    result = merge(BASE, _of_lines("a", "A"), _of_lines("e", "E"), structure=structure)

    assert isinstance(result, Conflicted)
    assert [(r.mine, r.generated) for r in result.regions] == [
        ("A\n", "a\n"),
        ("e\n", "E\n"),
    ]
    assert result.because == (
        "the two sides together would be broken: it does not parse"
    )


def test_a_line_that_each_side_moved_elsewhere_is_a_conflict():
    result = merge("a\nb\nc\nd\ne\nf\n", "e\na\nb\nc\nd\nf\n", "a\nb\ne\nc\nd\nf\n")

    assert isinstance(result, Conflicted)
    assert "is there twice: e" in result.because


def test_a_text_that_never_parsed_is_merged_by_lines():
    structure = _Structure(broken=lambda text: "b" in text)

    result = merge(BASE, _of_lines("a", "A"), _of_lines("e", "E"), structure=structure)

    assert result == Merged(text="A\nb\nc\nd\nE\n", method=Method.LINES)


def test_a_driver_is_asked_last():
    result = merge("a\n", "m\n", "g\n", driver=lambda *_: "m\ng\n")

    assert result == Merged(text="m\ng\n", method=Method.DRIVER)


@pytest.mark.parametrize(
    "answer", [pytest.param(None, id="nothing"), pytest.param("m\n", id="a line lost")]
)
def test_a_driver_that_merges_badly_leaves_a_conflict(answer):
    result = merge("a\n", "m\n", "g\n", driver=lambda *_: answer)

    assert isinstance(result, Conflicted)


@pytest.mark.parametrize(
    "end",
    [
        pytest.param("", id="dropped"),
        pytest.param("# <pdd-keep>\nm\n# </pdd-keep>\n" * 2, id="twice"),
        pytest.param("# <pdd-keep>\nm\n# </pdd-keep>\n# <pdd-keep>\n", id="broken"),
    ],
)
def test_a_merge_that_does_not_keep_a_protected_block_is_a_conflict(end):
    mine = "# <pdd-keep>\nm\n# </pdd-keep>\n"

    result = merge("a\n", mine, "g\n", mark="#", driver=lambda *_: f"g\n{end}")

    assert isinstance(result, Conflicted)


def test_a_broken_marker_of_the_generator_is_not_let_in():
    result = merge(BASE, _of_lines("a", "A"), BASE + "# <pdd-keep>\n", mark="#")

    assert isinstance(result, Conflicted)
    assert result.because == "the two sides together would be broken"


def test_the_conflict_with_the_least_to_decide_is_shown():
    structure = _Structure(order=_of_lines("c", "G"))

    result = merge(BASE, _of_lines("c", "M"), "G\nd\ne\na\nb\n", structure=structure)

    assert isinstance(result, Conflicted)
    (region,) = result.regions
    assert (region.mine, region.generated) == ("M\n", "G\n")


@given(base=st.none() | TEXTS, mine=TEXTS, generated=TEXTS)
def test_no_text_raises_and_one_side_alone_is_always_taken(base, mine, generated):
    assert isinstance(merge(base, mine, generated, mark="#"), Merged | Conflicted)
    assert merge(mine, mine, mine, mark="#") == Merged(text=mine, method=Method.EQUAL)
    kept = merge(mine, mine, generated, mark="#")
    assert isinstance(kept, Merged)
