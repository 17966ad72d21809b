import pytest

from pdd_tasks.core.prompt.directive import Kind, directives, without
from pdd_tasks.errors import ConfigError


def bodies(text, kind=Kind.INCLUDE):
    return [one.body for one in directives("p.prompt", text) if one.kind is kind]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<include>a.md</include>", id="body"),
        pytest.param("<include> \n a.md \n</include>", id="body-with-blanks"),
        pytest.param('<include path="a.md"/>', id="self-closing"),
        pytest.param("<include path='a.md' />", id="single-quotes"),
        pytest.param('<include\n  path = "a.md"\n/>', id="several-lines"),
        pytest.param('<include path="a.md"></include>', id="empty-body"),
        pytest.param("<include-many>a.md</include-many>", id="many-with-one"),
        pytest.param("```\nx\n```\n<include>a.md</include>", id="after-a-fence"),
        pytest.param(
            "a ` b\n\n<include>a.md</include> `", id="ticks-end-with-paragraph"
        ),
        pytest.param("<pdd>```</pdd> <include>a.md</include>", id="fence-in-comment"),
        pytest.param("**\n<include>a.md</include>", id="after-stars"),
        pytest.param("use ```x``` <include>a.md</include>", id="fence-marks-in-a-line"),
    ],
)
def test_an_include_is_found(text):
    assert bodies(text) == ["a.md"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("```\n<include>a</include>\n```", id="fence"),
        pytest.param("```xml\n<include>a</include>\n```\n", id="fence-with-tag"),
        pytest.param("~~~\n```\n<include>a</include>\n```\n~~~", id="tildes"),
        pytest.param("````\n```\n<include>a</include>\n````", id="longer-fence"),
        pytest.param("- x\n  ```\n  <include>a</include>\n  ```", id="in-a-list"),
        pytest.param("1. ```\n   <include>a</include>\n   ```", id="on-a-list-mark"),
        pytest.param("> ```\n> <include>a</include>\n> ```", id="quoted"),
        pytest.param("```\n<include>a</include>", id="never-closed-fence"),
        pytest.param("```\r\n<include>a</include>\r\n```\r\n", id="crlf"),
        pytest.param("`<include>a</include>`", id="inline-code"),
        pytest.param("`` ` <include>a</include>``", id="two-ticks"),
        pytest.param("`<include>\na</include>`", id="inline-over-a-line-end"),
        pytest.param("<pdd><include>a</include></pdd>", id="comment"),
        pytest.param("<includes>a</includes>", id="another-tag"),
        pytest.param("plain <b>text</b> with ` and <", id="prose"),
        pytest.param("the <shell> and <web> tags", id="open-shell-is-prose"),
        pytest.param("", id="empty"),
    ],
)
def test_a_literal_include_is_left_alone(text):
    assert bodies(text) == []


def test_a_closed_fence_ends():
    text = "```\na\n```\r\n<include>b</include>\n```\n<include>c</include>\n```\n"
    assert bodies(text) == ["b"]


@pytest.mark.parametrize(
    "before",
    [
        pytest.param("<pdd>x</pdd>```\n\n", id="behind a directive"),
        pytest.param("word ```\n\n", id="behind a word"),
        pytest.param("``` a`b\n\n", id="with a backtick behind it"),
        pytest.param("a ~~~ b ", id="tildes in prose"),
        pytest.param("`a ``b`` c` ", id="longer ticks in inline code"),
        pytest.param("<b> ~ `", id="signs that mean nothing"),
    ],
)
def test_what_opens_no_fence_hides_nothing(before):
    assert bodies(f"{before}<include>a</include>") == ["a"]


def test_many_includes_are_split_at_commas_and_lines():
    text = "<include-many>\n a.md, b.md\n\nc.md,\n</include-many>"
    assert bodies(text) == ["a.md", "b.md", "c.md"]


def test_the_attributes_of_an_include_are_read():
    text = """x\n<include path='a>b.py' select="def:f" optional/>"""
    (found,) = directives("p.prompt", text)
    assert (found.body, found.select, found.optional, found.line) == (
        "a>b.py",
        "def:f",
        True,
        2,
    )
    assert text[found.start : found.end].startswith("<include path=")


def test_a_body_may_have_a_selection():
    (found,) = directives("p", '<include select="lines:1-2">a.md</include>')
    assert (found.body, found.select) == ("a.md", "lines:1-2")


def test_optional_can_be_denied():
    (found,) = directives("p", '<include path="a" optional="false"/>')
    assert not found.optional


@pytest.mark.parametrize(
    "text, problem",
    [
        pytest.param("<include>a", "<include> is not closed", id="open"),
        pytest.param("<pdd>a", "<pdd> is not closed", id="open-comment"),
        pytest.param("<include path='a", "is not ended by >", id="open-tag"),
        pytest.param("<include></include>", "names no file", id="empty"),
        pytest.param("<include/>", "names no file", id="nothing"),
        pytest.param("<include path/>", "names no file", id="path-without-value"),
        pytest.param("<include-many>\n,\n</include-many>", "names no file", id="none"),
        pytest.param("<include path='a'>b</include>", "a file twice", id="two-files"),
        pytest.param("<include pth='a'/>", "no attribute 'pth'", id="attribute"),
        pytest.param("<include path=a/>", "cannot be read", id="unquoted"),
        pytest.param("<shell>ls</shell>", "<shell> is not run", id="shell"),
        pytest.param("<web>http://x</web>", "<web> is not run", id="web"),
    ],
)
def test_a_broken_directive_is_named_with_its_line(text, problem):
    with pytest.raises(ConfigError) as caught:
        directives("prompts/x_python.prompt", f"one\n\n{text}")
    assert caught.value.message.startswith("prompts/x_python.prompt:3: ")
    assert problem in caught.value.message
    assert caught.value.hint


def test_comments_and_dependencies_and_code_are_found():
    text = "<pdd> c </pdd><pdd/> <pdd-dependency>q</pdd-dependency> `n`"
    assert bodies(text, Kind.COMMENT) == ["c", ""]
    assert bodies(text, Kind.DEPENDENCY) == ["q"]
    assert bodies(text, Kind.CODE) == ["n"]


@pytest.mark.parametrize(
    "text, expected",
    [
        pytest.param("a\nX\nb\n", "a\nb\n", id="its-line-goes-too"),
        pytest.param("a\n  X  \nb\n", "a\nb\n", id="with-blanks"),
        pytest.param("a X b\n", "a  b\n", id="inside-a-line"),
        pytest.param("a\nX", "a\n", id="last-line"),
        pytest.param("XX\n", "", id="two-on-a-line"),
    ],
)
def test_a_stretch_is_cut(text, expected):
    places = [index for index, sign in enumerate(text) if sign == "X"]
    if len(places) > 1:  # neighbours make one stretch
        cuts = [(places[0], places[-1] + 1, "")]
    else:
        cuts = [(places[0], places[0] + 1, "")]
    assert without(text, cuts) == expected


def test_stretches_are_replaced_in_order():
    assert without("a1b2c", [(1, 2, "X"), (3, 4, "")]) == "aXbc"
