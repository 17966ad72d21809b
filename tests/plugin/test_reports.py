"""Reports hold whatever names and reasons there are."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from pdd_tasks.core.plan.drift import DriftKind
from pdd_tasks.plugin.reports.finding import Finding, Standing
from pdd_tasks.plugin.reports.github import annotations
from pdd_tasks.plugin.reports.junit import junit
from pdd_tasks.plugin.reports.sarif import sarif
from pdd_tasks.plugin.reports.summary import MOST, summary
from pdd_tasks.plugin.reports.wish import Wish, wish
from pdd_tasks.plugin.reports.writing import reported


def _unit(because: str = "x", file: str = "src/x.py", number: int = 1) -> Standing:
    one = Finding(
        kind=DriftKind.CODE_EDITED,
        because=because,
        file=file,
        line=3,
        mend="doit sync:x_python",
    )
    return Standing(
        unit="x_python", prompt="prompts/x", findings=(one,) * number, steps=()
    )


IN_SYNC = Standing(unit="y_python", prompt="prompts/y", findings=(), steps=())


def test_what_github_would_read_is_escaped():
    (line,) = annotations([_unit("50% of\r\n::error::it", "a,b:c%/x.py")])
    assert line == (
        "::error file=a%2Cb%3Ac%25/x.py,line=3,title=x_python%3A code-edited"
        "::50%25 of%0D%0A::error::it; mend it with: doit sync:x_python"
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('<&>"\u20ac', id="marks"),
        pytest.param("a\x00b\x1b[1mc\udc80", id="no xml"),
        pytest.param("]]>", id="end of data"),
    ],
)
def test_junit_is_xml_whatever_is_said(text):
    found = ET.fromstring(junit([_unit(text, file=text)]).encode())  # noqa: S314 - ours
    failure = found.find("testsuite/testcase/failure")
    assert failure is not None
    shown = "".join(c if c not in "\x00\x1b\udc80" else "\ufffd" for c in text)
    assert failure.get("message") == shown
    assert shown in str(failure.text)


def test_a_file_is_an_address_in_sarif():
    assert '"uri": "a%20b/%C3%A9%80.py"' in sarif([_unit(file="a b/\u00e9\udc80.py")])


def test_a_summary_without_drift_says_so():
    assert summary([IN_SYNC]) == "### All 1 units in sync\n\n"


def test_a_cell_of_a_summary_is_one_line_without_marks():
    text = summary([_unit("a\n| <b> `c`")])
    assert r"| a \| \<b\> \`c\` |" in text
    assert [line[:2] for line in text.splitlines()[2:]] == ["| ", "| ", "| ", ""]


def test_a_summary_is_cut_where_it_is_too_long():
    text = summary([_unit(number=MOST + 7)])
    assert text.count("src/x.py:3") == MOST
    assert text.endswith("\nand 7 more\n")


def test_a_report_is_replaced_and_a_summary_is_added_to(tmp_path: Path):
    files = [tmp_path / name for name in ("a.xml", "a.sarif", "a.md")]
    junit_xml, log, table = map(str, files)
    wanted = Wish(junit=junit_xml, sarif=log, summary=table)
    for _ in range(2):
        assert reported(wanted, [_unit()], str) == []
    counts = [file.read_text(encoding="utf-8").count("src/x.py") for file in files]
    assert counts == [1, 1, 2]


NOTHING = {"junit": "", "sarif": "", "summary": "", "annotations": None}
GITHUB = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": "s.md"}


@pytest.mark.parametrize(
    "given, environment, found",
    [
        pytest.param({}, {}, Wish(), id="nothing"),
        pytest.param({}, {"GITHUB_STEP_SUMMARY": "s.md"}, Wish(), id="elsewhere"),
        pytest.param({}, GITHUB, Wish(summary="s.md", annotations=True), id="github"),
        pytest.param(
            {"summary": "t.md", "annotations": False},
            GITHUB,
            Wish(summary="t.md"),
            id="said otherwise",
        ),
    ],
)
def test_what_is_reported_depends_on_options_and_place(given, environment, found):
    assert wish({**NOTHING, **given}, environment) == found
