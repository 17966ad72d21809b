import json
from pathlib import PurePosixPath

import pytest

from pdd_tasks.core.prompt.reply import (
    VERDICT_SCHEMA,
    Fence,
    Finding,
    Judgement,
    fences,
    named_files,
    one_file,
    verdict,
)
from pdd_tasks.errors import ReplyError


TAGS = ("python", "py")
WANTED = {"R1": "adds", "R2": "refuses text"}
MATERIAL = "def add(a, b):\n    return a + b\n"
MET = {"id": "R1", "verdict": "met", "quote": "return a + b"}
UNSEEN = {"id": "R2", "verdict": "not_exercised", "quote": ""}


def _said(*items, confidence=0.9):
    return json.dumps({"requirements": list(items), "confidence": confidence})


@pytest.mark.parametrize(
    "text, found",
    [
        pytest.param("no fence", [], id="none"),
        pytest.param("```\na\n```", [Fence("", "a\n")], id="no tag"),
        pytest.param("```Python\na\n\nb\n```", [Fence("python", "a\n\nb\n")], id="tag"),
        pytest.param("```py title=x\na\n```", [Fence("py", "a\n")], id="tag and more"),
        pytest.param("~~~py\na\n~~~", [Fence("py", "a\n")], id="tildes"),
        pytest.param("``` py\r\na\r\n```\r\n", [Fence("py", "a\n")], id="windows"),
        pytest.param("```py\n```", [Fence("py", "")], id="empty"),
        pytest.param(
            "````\n```\na\n```\n````", [Fence("", "```\na\n```\n")], id="a fence inside"
        ),
        pytest.param("```\n~~~\n```", [Fence("", "~~~\n")], id="other mark inside"),
        pytest.param("```\na\n`````", [Fence("", "a\n")], id="a longer close"),
        pytest.param(
            "```\n    ```\n```", [Fence("", "    ```\n")], id="an indented mark is text"
        ),
        pytest.param(
            "```\n``` x\n```", [Fence("", "``` x\n")], id="a close has no tag"
        ),
        pytest.param("    ```\nx", [], id="an indented opening is none"),
        pytest.param("`` ` ``", [], id="inline code is none"),
        pytest.param("```a`b```", [], id="inline code of three marks is none"),
        pytest.param(
            "```a\n1\n```\nand\n```b\n2\n```",
            [Fence("a", "1\n"), Fence("b", "2\n")],
            id="two",
        ),
    ],
)
def test_fenced_blocks_are_found(text, found):
    assert list(fences(text)) == found


def test_an_unclosed_block_means_a_reply_cut_off():
    with pytest.raises(ReplyError, match="cut off"):
        fences("```py\ndef f():\n")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("```python\nx = 1\n```", id="tagged"),
        pytest.param("Here:\n\n```py\nx = 1\n```\nDone.", id="with prose around"),
        pytest.param("```\nx = 1\n```", id="without a tag"),
        pytest.param("```python\nx = 1\n```\n```\nnoise\n```", id="the tagged one"),
        pytest.param("```python\nx = 1\n```\n```sh\nls\n```", id="another language"),
    ],
)
def test_the_one_file_of_a_reply_is_taken(text):
    assert one_file(text, TAGS) == "x = 1\n"


@pytest.mark.parametrize(
    "text, because",
    [
        pytest.param(" \n", "is empty", id="empty"),
        pytest.param("I cannot.", "prose: no fenced block of py$", id="prose"),
        pytest.param("```js\n1\n```", "of py, only js$", id="another language"),
        pytest.param("```py\n1\n```\n```py\n2\n```", "holds 2 files", id="two"),
        pytest.param("```\n1\n```\n```\n2\n```", "holds 2 files", id="two untagged"),
        pytest.param("```py\n\n```", "file is empty", id="an empty file"),
        pytest.param("```py\nx = ", "cut off", id="cut off"),
    ],
)
def test_a_reply_without_exactly_one_file_is_refused(text, because):
    with pytest.raises(ReplyError, match=because):
        one_file(text, TAGS)


def test_a_language_without_tags_takes_the_untagged_block():
    assert one_file("```\nx\n```", ()) == "x\n"
    with pytest.raises(ReplyError, match="no fenced block of text"):
        one_file("prose", ())


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(_said(MET, UNSEEN), id="alone"),
        pytest.param(f"```json\n{_said(MET, UNSEEN)}\n```", id="in a fence"),
        pytest.param(f"So:\n```\n{_said(MET, UNSEEN)}\n```", id="in an untagged one"),
        pytest.param(_said(UNSEEN, MET), id="in another order"),
    ],
)
def test_a_verdict_judges_each_requirement_in_order(text):
    found = verdict(text, WANTED, MATERIAL)
    assert found.judgements == (
        Judgement(requirement="R1", finding=Finding.MET, quote="return a + b"),
        Judgement(requirement="R2", finding=Finding.NOT_EXERCISED, quote=""),
    )
    assert (found.confidence, found.unmet) == (0.9, ())


def test_what_is_unmet_is_listed():
    unmet = {"id": "R2", "verdict": "unmet", "quote": "a + b"}
    found = verdict(_said(MET, unmet, confidence=1), WANTED, MATERIAL)
    assert [j.requirement for j in found.unmet] == ["R2"]


@pytest.mark.parametrize(
    "text, because",
    [
        pytest.param("met", "not JSON", id="prose"),
        pytest.param("[" * 100_000, "not JSON", id="nested without end"),
        pytest.param("[]", "must be an object", id="a list"),
        pytest.param('{"confidence": 1}', "must be an object", id="a key missing"),
        pytest.param(
            '{"requirements": [], "confidence": 1, "x": 1}',
            "must be an object",
            id="a key too many",
        ),
        pytest.param(_said(MET, confidence="1"), "confidence", id="no number"),
        pytest.param(_said(MET, confidence=True), "confidence", id="a truth value"),
        pytest.param(_said(MET, confidence=1.1), "confidence", id="too sure"),
        pytest.param(_said(MET, confidence=-0.1), "confidence", id="too unsure"),
        pytest.param(
            '{"requirements": {}, "confidence": 1}', "a list", id="no list of them"
        ),
        pytest.param(_said(MET), "each of R1, R2 exactly once", id="one missing"),
        pytest.param(_said(MET, UNSEEN, MET), "exactly once", id="one twice"),
        pytest.param(
            _said(MET, {**UNSEEN, "id": "R3"}), "exactly once", id="an unknown one"
        ),
        pytest.param(_said("R1", UNSEEN), "exactly 'id'", id="an item no object"),
        pytest.param(_said({"id": "R1"}, UNSEEN), "exactly 'id'", id="an item short"),
        pytest.param(_said({**MET, "id": 1}, UNSEEN), "must be text", id="a number"),
        pytest.param(_said({**MET, "quote": None}, UNSEEN), "be text", id="no quote"),
        pytest.param(
            _said({**MET, "verdict": "good"}, UNSEEN), "none of met", id="no finding"
        ),
        pytest.param(
            _said({**MET, "verdict": []}, UNSEEN), "none of met", id="a finding no text"
        ),
        pytest.param(
            _said({**MET, "quote": "a - b"}, UNSEEN), "R1: its quote", id="made up"
        ),
        pytest.param(
            _said({**MET, "quote": ""}, UNSEEN), "R1: its quote", id="met, no evidence"
        ),
    ],
)
def test_a_verdict_that_is_none_is_refused(text, because):
    with pytest.raises(ReplyError, match=because):
        verdict(text, WANTED, MATERIAL)


def test_the_schema_asks_for_what_the_reader_wants():
    schema = json.loads(VERDICT_SCHEMA)
    item = schema["properties"]["requirements"]["items"]
    assert set(schema["required"]) == set(schema["properties"])
    assert set(item["required"]) == set(item["properties"]) == set(MET)
    assert item["properties"]["verdict"]["enum"] == list(Finding)


A, B = PurePosixPath("src/a.c"), PurePosixPath("src/a.h")
TWO = "File: src/a.h\n\n```c\nint a;\n```\n\n**File: `src/a.c`**\n```\nint b;\n```\n"


def test_named_files_are_found_in_the_order_they_were_asked_for():
    found = named_files(TWO, (A, B), ("c", "h"))
    assert list(found.items()) == [(A, "int b;\n"), (B, "int a;\n")]


@pytest.mark.parametrize(
    "reply, because",
    [
        pytest.param("", "lacks src/a.c, src/a.h", id="nothing"),
        pytest.param(TWO.replace("`src/a.c`", "src/b.c"), "src/b.c", id="unknown"),
        pytest.param(TWO + TWO, "src/a.h twice", id="twice"),
        pytest.param(TWO.replace("int b;\n", "\n"), "src/a.c is empty", id="empty"),
        pytest.param(TWO.replace("File: src/a.h", "This:"), "File: PATH", id="unnamed"),
        pytest.param(TWO + "```c\nint c;\n```\n", "File: PATH", id="one too many"),
    ],
)
def test_a_reply_that_is_not_the_named_files_is_refused(reply, because):
    with pytest.raises(ReplyError, match=because):
        named_files(reply, (A, B), ("c", "h"))


def test_a_block_of_another_language_is_none_of_the_named_files():
    talk = "It builds like this:\n\n```sh\nmake\n```\n"
    assert named_files(talk + TWO, (A, B), ("c", "h")).keys() == {A, B}
