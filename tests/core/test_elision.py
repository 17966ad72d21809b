import pytest

from pdd_tasks.core.prompt.elision import is_elision


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(line, id=line)
        for line in [
            "# ... rest of the code unchanged",
            "// ... existing code ...",
            "/* rest of the file omitted */",
            "# rest of the class stays the same",
            "// same as before",
        ]
    ],
)
def test_a_comment_that_stands_for_code_is_seen(line):
    assert is_elision(line)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(line, id=line[:20] or "nothing")
        for line in [
            "# other helpers",
            "// the rest is history",
            "",
            "# ... " + "x" * 400,
        ]
    ],
)
def test_other_comments_are_comments(line):
    assert not is_elision(line)
