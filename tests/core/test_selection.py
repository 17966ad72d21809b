import re
from pathlib import PurePosixPath

import pytest

from pdd_tasks.core.prompt.selection import no_slicer, selected


TEXT = """# Top
one
## Use it ##
two
### Deep
```
# no heading
```
three
# End
four
"""
PATH = PurePosixPath("docs/a.md")


def definitions(path, text, kind, name):
    del path, text
    return f"{kind} {name}\n"


@pytest.mark.parametrize(
    "select, expected",
    [
        pytest.param("lines:2", "one\n", id="a-line"),
        pytest.param("lines:1-2", "# Top\none\n", id="lines"),
        pytest.param("lines:10-", "# End\nfour\n", id="to-the-end"),
        pytest.param(
            "section:use IT",
            "## Use it ##\ntwo\n### Deep\n```\n# no heading\n```\nthree\n",
            id="section",
        ),
        pytest.param("section:End", "# End\nfour\n", id="last-section"),
        pytest.param("pattern:^t(wo|hree),?", "two\nthree\n", id="pattern"),
        pytest.param("lines:2, lines:4", "one\n\ntwo\n", id="two-parts"),
        pytest.param("def:f,class:C", "def f\n\nclass C\n", id="definitions"),
    ],
)
def test_a_part_is_taken(select, expected):
    assert selected(PATH, TEXT, select, definitions) == expected


def test_a_text_without_a_last_newline_has_its_last_line():
    assert selected(PATH, "a\nb", "lines:2", no_slicer) == "b\n"


def test_a_fence_is_closed_by_its_own_kind():
    text = "# A\n````\n```\n# x\n~~~\n````\n# B\n"
    assert selected(PATH, text, "section:A", no_slicer) == text.removesuffix("# B\n")


@pytest.mark.parametrize(
    "select, reason",
    [
        pytest.param("lines:9-99", "inside the file's 11 lines", id="too-far"),
        pytest.param("lines:0", "inside the file's", id="line-0"),
        pytest.param("lines:3-2", "inside the file's", id="backwards"),
        pytest.param("lines:a", "no range of lines", id="no-numbers"),
        pytest.param("section:Nope", "no section 'Nope'", id="no-section"),
        pytest.param("section:no heading", "no section", id="heading-in-a-fence"),
        pytest.param("pattern:(", "no regular expression", id="bad-pattern"),
        pytest.param("pattern:zzz", "no line matches", id="no-line"),
        pytest.param("contract:x", "is not understood", id="unknown"),
        pytest.param("def:", "is not understood", id="no-value"),
        pytest.param("def:f", "cannot be taken from a.md", id="no-slicer"),
    ],
)
def test_what_cannot_be_taken_is_said(select, reason):
    with pytest.raises(LookupError, match=re.escape(reason)):
        selected(PATH, TEXT, select, no_slicer)
