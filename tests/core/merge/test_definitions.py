"""Outlines joined piece by piece; what the cases of whole texts do not reach."""

from dataclasses import replace

import pytest

from pdd_tasks.core.merge.arrangement import arranged, followed, is_moved
from pdd_tasks.core.merge.definitions import Joint, merged_outlines
from pdd_tasks.core.merge.gaps import gaps, meetings
from pdd_tasks.core.merge.lead import clean, merged_lead
from pdd_tasks.core.merge.listing import one_line, united, wrapped
from pdd_tasks.core.merge.orphan import orphan
from pdd_tasks.core.merge.outline import Block, Kind, Listing, Piece
from pdd_tasks.core.merge.relaying import relaid
from pdd_tasks.core.merge.restoring import in_order
from pdd_tasks.core.merge.result import Method
from pdd_tasks.core.merge.tokens import Entries, merged_tokens
from pdd_tasks.core.merge.words import likeness


def step(text, **fields):
    return Piece(kind=Kind.STATEMENT, text=f"{text}\n", said=text, **fields)


def definition(name, *steps, head="def"):
    inner = block(*steps, head=f"{head} {name}\n")
    return Piece(
        kind=Kind.DEFINITION,
        key=name,
        text=inner.text,
        said=inner.text,
        blocks=(inner,),
    )


def block(*members, head="", tail="", free=False):
    return Block(head=head, members=members, tail=tail, is_free=free)


def steps(letters):
    return block(*(step(letter) for letter in letters))


@pytest.mark.parametrize(
    "base, mine, generated, merged",
    [
        pytest.param("abc", "abXc", "aYbc", "aYbXc", id="new-in-two-places"),
        pytest.param("abc", "abX", "abc", "abX", id="replaced-by-one"),
        pytest.param("abc", "aXc", "aXc", "aXc", id="replaced-alike"),
        pytest.param("abc", "aXc", "aYc", None, id="replaced-in-two-ways"),
        pytest.param("abcd", "ad", "abXcd", None, id="new-between-what-is-gone"),
        pytest.param("abcd", "ad", "ad", "ad", id="gone-in-both"),
        pytest.param("abcd", "aXd", "acd", None, id="replaced-and-gone"),
        pytest.param("abcd", "acd", "abd", "ad", id="gone-side-by-side"),
        pytest.param("", "a", "b", None, id="new-in-nothing"),
    ],
)
def test_steps(base, mine, generated, merged):
    found = merged_outlines(steps(base), steps(mine), steps(generated))
    assert (found and found.text.replace("\n", "")) == merged


def test_steps_that_are_alike_are_paired_in_order():
    base = block(step("a b c d"), step("x"), step("e f g h"))
    mine = block(step("q r s t"), step("a b c Z"), step("e f g Z"))
    generated = block(step("a b c d"), step("x"), step("e f g h"), step("end"))
    found = merged_outlines(base, mine, generated)
    assert found == Joint("q r s t\na b c Z\ne f g Z\nend\n", Method.STATEMENTS)


def test_the_finest_means_is_told():
    joint = Joint("a", Method.TOKENS).then(Joint("b", Method.STATEMENTS))
    assert joint == Joint("ab", Method.TOKENS)


@pytest.mark.parametrize("part", ["head", "tail"])
def test_what_opens_or_ends_a_block_cannot_be_changed_by_both(part):
    sides = (replace(steps("a"), **{part: f"{k}\n"}) for k in ("x", "y", "z"))
    assert merged_outlines(*sides) is None


def test_what_opens_a_block_is_joined_word_by_word():
    sides = (replace(steps("a"), head=f"{k}\n") for k in ("f(a) b", "g(a) b", "f(a) c"))
    found = merged_outlines(*sides)
    assert found == Joint("g(a) c\na\n", Method.TOKENS)


def free(names):
    return block(*(definition(name, step(name)) for name in names), free=True)


@pytest.mark.parametrize(
    "base, mine, generated, merged",
    [
        pytest.param("abc", "bac", "abc", "bac", id="moved-by-mine"),
        pytest.param("abc", "abc", "cab", "cab", id="moved-by-generated"),
        pytest.param("abc", "bac", "bac", "bac", id="moved-alike"),
        pytest.param("abc", "bac", "acb", None, id="moved-in-two-ways"),
        pytest.param("abc", "bacx", "aybc", "bacxy", id="moved-beside-new-ones"),
        pytest.param("abc", "xabc", "yabc", "xyabc", id="new-at-one-place"),
        pytest.param("abc", "ab", "abc", "ab", id="gone"),
        pytest.param("abc", "xbc", "ybc", None, id="replaced-in-two-ways"),
    ],
)
def test_definitions(base, mine, generated, merged):
    found = merged_outlines(free(base), free(mine), free(generated))
    names = found and [
        line.removeprefix("def ")
        for line in found.text.splitlines()
        if line.startswith("def ")
    ]
    assert (names and "".join(names)) == (merged and "".join(sorted_as(merged, names)))


def sorted_as(merged, names):
    """Return the wanted names; where a follower of a moved one stands is open."""
    is_open = set(merged) == set(names) and merged == "bacxy"
    return names if is_open else merged


def test_two_pieces_of_one_name_and_one_opening_are_told_apart_by_what_they_say():
    twice = block(definition("a", step("1")), definition("a", step("2")), free=True)
    more = block(*twice.members, definition("b", step("3")), free=True)
    found = merged_outlines(twice, more, twice)
    assert found is not None
    assert found.text == more.text


def branch(*blocks):
    text = "".join(each.text for each in blocks)
    return Piece(kind=Kind.STATEMENT, text=text, said=text, blocks=blocks)


ONE, TWO = block(step("one"), head="if\n"), block(step("two"), head="else\n")


@pytest.mark.parametrize(
    "mine, generated, merged",
    [
        pytest.param(
            (ONE, TWO),
            (block(step("uno"), head="if\n"),),
            "if\nuno\nelse\ntwo\n",
            id="mine-has-one-more",
        ),
        pytest.param(
            (block(step("uno"), head="if\n"),),
            (ONE, TWO),
            "if\nuno\nelse\ntwo\n",
            id="generated-has-one-more",
        ),
        pytest.param(
            (ONE, TWO),
            (block(step("uno"), head="if\n"), TWO),
            None,
            id="both-have-more",
        ),
        pytest.param(
            (replace(ONE, head="when\n"), TWO),
            (block(step("uno"), head="if\n"),),
            None,
            id="more-behind-another-opening",
        ),
    ],
)
def test_a_block_that_one_side_put_behind(mine, generated, merged):
    sides = (block(branch(*blocks)) for blocks in ((ONE,), mine, generated))
    found = merged_outlines(*sides)
    assert (found and found.text) == merged


def test_gaps_without_a_change_meet_nobody():
    ours = gaps(2, [step("a"), step("b")], {0: 0, 1: 1})
    theirs = gaps(2, [step("a"), step("x"), step("b")], {0: 0, 1: 2})
    assert list(meetings(ours, theirs)) == []
    assert [gap.is_change for gap in theirs] == [False, True, False]


def test_lines_that_both_changed_alike_or_not():
    assert clean("a\n", "b\n", "b\n") == "b\n"
    assert clean("a\n", "a\n", "b\n") == "b\n"
    assert clean("a\n", "b\n", "c\n") is None
    assert clean("a\nb\nc\n", "x\nb\nc\n", "a\nb\ny\n") == "x\nb\ny\n"


def test_blank_lines_and_comments_above_are_joined_on_their_own():
    assert merged_lead("\n# a\n", "\n\n# a\n", "\n# b\n") == "\n\n# b\n"
    assert merged_lead("\n", "\n", "\n\n") == "\n\n"
    assert merged_lead("# a\n", "# b\n", "# c\n") is None


def names(*items, wrap=False, form=("[", "  ", "]")):
    listing = Listing(opening="[", closing="]", items=items, wrapped=form)
    text = wrapped(listing) if wrap else one_line(listing)
    return Piece(kind=Kind.IMPORT, text=text, said=text, listing=listing)


@pytest.mark.parametrize(
    "base, mine, generated, text",
    [
        pytest.param("ac", "abc", "acd", "[a, b, c, d]\n", id="sorted"),
        pytest.param("ca", "cab", "cad", "[c, a, b, d]\n", id="not-sorted"),
        pytest.param("ab", "b", "abc", "[b, c]\n", id="one-gone"),
        pytest.param("ab", "a", "b", None, id="all-gone"),
        pytest.param("aB", "aBc", "aBD", "[a, B, c, D]\n", id="sorted-without-case"),
    ],
)
def test_names_are_united(base, mine, generated, text):
    assert united(names(*base), names(*mine), names(*generated)) == text


def test_names_keep_the_layout_of_mine():
    assert united(None, names("a", wrap=True), names("b")) == "[\n  a,\n  b,\n]\n"
    long = [letter * 30 for letter in "abc"]
    found = united(names(*long[:1]), names(*long[:2]), names(long[0], long[2]))
    assert found == "[\n" + "".join(f"  {name},\n" for name in long) + "]\n"
    plain = ("", "", "")
    sides = [names(*some, form=plain) for some in (long[:1], long[:2], long[::2])]
    assert united(*sides) == f"[{', '.join(long)}]\n"


def test_what_is_no_list_has_no_names():
    assert united(None, step("a"), names("b")) is None
    odd = replace(names("a"), text="[a ]\n")
    assert united(names("a"), odd, names("a", "b")) is None


def test_a_definition_that_is_gone_and_used_anew():
    base, without = free("ab"), free("a")
    used = block(definition("a", step("a")), step("b"), free=True)
    assert orphan(base, without, used, used) == "b"
    assert orphan(base, base, used, without) is None
    assert orphan(base, used, used, used) is None
    assert orphan(base, base, base, base) is None
    assert orphan(base, base, base, without) is None


@pytest.mark.parametrize(
    "texts, entries, merged",
    [
        pytest.param(
            ("f(a)", "f(a, b=1)", "f(a, c=2)"),
            Entries.NAMED,
            "f(a, b=1, c=2)",
            id="named",
        ),
        pytest.param(
            ("f(a)", "f(a, b=1)", "f(a, c=2)"), Entries.NONE, None, id="parameters"
        ),
        pytest.param(
            ("f(a)", "f(a, b)", "f(a, c)"), Entries.NAMED, None, id="by-place"
        ),
        pytest.param(
            ("f(a)", "f(a, b)", "f(a, c)"), Entries.ALL, "f(a, b, c)", id="any-order"
        ),
        pytest.param(
            ("f(a)", "f(a, b=1)", "f(a, b=2)"), Entries.NAMED, None, id="one-name"
        ),
        pytest.param(
            ("f(a)", "f(a, b == 1)", "f(a, c=2)"), Entries.NAMED, None, id="compared"
        ),
        pytest.param(
            ("f(b=1)", "f(b=1, b=2)", "f(b=1, c=2)"), Entries.NAMED, None, id="known"
        ),
        pytest.param(
            ("{'a': 1}", "{'a': 1, 'b': [2, 3]}", "{'a': 1, 'c': 4}"),
            Entries.NAMED,
            "{'a': 1, 'b': [2, 3], 'c': 4}",
            id="keys",
        ),
        pytest.param(
            ("f(a, z)", "f(a, z + 1)", "f(a, z - 1)"), Entries.ALL, None, id="no-comma"
        ),
        pytest.param(
            ("f( a, b)", "f(a, b, c)", "f( x, b)"),
            Entries.NAMED,
            "f( x, b, c)",
            id="space",
        ),
        pytest.param(("f(a)", "g[b; c]", "f(x)"), Entries.NAMED, None, id="anew"),
        pytest.param(
            ("f(x, 1.5)", "f(x, 2.5)", "f(x, 1.6)"), Entries.NAMED, None, id="number"
        ),
        pytest.param(
            ("f(a.b.c, d)", "f(x.b.c, d)", "f(a.b.z, d)"), Entries.ALL, None, id="path"
        ),
    ],
)
def test_words(texts, entries, merged):
    base, mine, generated = texts
    assert merged_tokens(base, mine, generated, entries) == merged


def test_likeness():
    assert likeness("", "") == 1.0
    assert likeness("a b", "a c") == 0.5
    assert likeness("a", "") == 0.0


def same(one, other):
    return one.split() == other.split()


def test_the_layout_comes_back_where_the_base_was_left_alone():
    base = block(step("a = 1"), step("b = 2"), definition("c", step("d = 3")))
    model = block(step("a  =  1"), step("b  =  2"), definition("c", step("d  =  3")))
    model = replace(
        model, members=tuple(replace(p, said=same_said(p)) for p in model.members)
    )
    merged = block(step("a = 1"), step("b = 5"), definition("c", step("d = 3")))
    found = relaid(base, model, merged, same)
    assert found is not None
    assert found.text == "a  =  1\nb  = 5\ndef c\nd  =  3\n"


def same_said(piece):
    return piece.text.rstrip("\n") if not piece.blocks else piece.said


def test_another_shape_keeps_its_layout():
    base = block(definition("a", step("1")))
    model = block(definition("a", step("1 ")))
    merged = block(replace(step("a"), kind=Kind.DEFINITION, key="a"))
    assert relaid(base, model, merged, same) == merged


def test_what_is_not_in_the_base_keeps_its_layout():
    merged = block(step("fresh"))
    assert relaid(block(), block(), merged, same) == merged


def test_statements_between_definitions_keep_their_order():
    x, y = step("x", key=""), step("new")
    base = block(definition("a", step("1")), x, definition("b", step("2")), free=True)
    generated = block(base.members[2], y, x, base.members[0], free=True)
    found = in_order(base, generated)
    assert [piece.key or piece.said for piece in found.members] == [
        "a",
        "new",
        "x",
        "b",
    ]


def test_orders():
    assert is_moved({0: 1, 1: 0})
    assert not is_moved({0: 1, 1: 3})
    assert arranged(4, {0: 2, 2: 0, 3: 1}) == [2, 3, 0, 1]
    assert followed(5, {0: 0, 1: 2, 2: 3}, [2, 0, 1]) == [3, 4, 0, 1, 2]
