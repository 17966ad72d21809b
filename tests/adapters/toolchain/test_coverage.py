from pathlib import Path, PurePosixPath

import pytest

from pdd_tasks.adapters.toolchain.coverage import coverage
from pdd_tasks.adapters.toolchain.reports import gcov, gocover, lcov, xtrace
from pdd_tasks.adapters.toolchain.result import Covered


CAPTURED = Path(__file__).parent / "captured"


def captured(name):
    return (CAPTURED / name).read_text()


def test_lcov_of_node_gives_lines_and_branches():
    found = lcov.covered(captured("node.lcov"))["src/calc.js"]
    assert [line for line, is_run in found.lines.items() if not is_run] == [9, 10]
    assert (found.branches, found.taken) == (4, 4)


def test_records_of_one_file_are_joined():
    text = "SF:a\nDA:1,0\nDA:2,1\nend_of_record\nSF:a\nDA:1,3\nDA:2,0\nend_of_record\n"
    assert lcov.covered(text)["a"].lines == {1: True, 2: True}


def test_coverage_counts_lines_and_branches_of_the_code_alone():
    report = {
        "/scratch/src/a.js": Covered(
            lines={1: True, 2: False, 3: False, 5: False, 6: True}, branches=5, taken=3
        ),
        "tests/a.test.js": Covered(lines={1: False}),
    }
    code = [PurePosixPath("src/a.js")]
    assert coverage(report, code, Path("/scratch")) == (50.0, "2-5")


def test_coverage_of_several_files_names_them():
    report = {"a.c": Covered(lines={1: False}), "a.h": Covered(lines={2: True})}
    code = [PurePosixPath("a.c"), PurePosixPath("a.h")]
    assert coverage(report, code, Path("/x")) == (50.0, "a.c: 1")


def test_coverage_of_a_file_nobody_measured_is_unknown():
    assert coverage({}, [PurePosixPath("a.js")], Path("/x")) == (None, "")


def test_gcov_tells_lines_and_branches_of_every_program():
    found = gcov.covered(captured("gcov.json"))["src/stack.c"]
    assert [line for line, is_run in found.lines.items() if not is_run] == [9]
    assert (found.branches, found.taken) == (2, 1)


def test_gcov_counts_a_line_that_one_program_ran():
    line = '{"line_number": 1, "count": %d, "branches": [{"count": 0, "throw": true}]}'
    text = "".join(
        f'{{"files": [{{"file": "./a.h", "lines": [{line % count}]}}]}}\n'
        for count in (0, 2, 0)
    )
    assert gcov.covered(f"a.gcda: cannot open\n{text}") == {
        "a.h": Covered(lines={1: True})
    }


def test_a_profile_of_go_tells_lines_without_their_braces():
    found = gocover.covered(captured("go.cov"))
    assert found == {"src/calc.go": Covered(lines={5: True, 9: True, 7: False})}


@pytest.mark.parametrize(
    "text", ["", "[]", "[" * 5000, '{"a": 1}', '{"a": {"text": 2}}']
)
def test_what_is_no_trace_of_bash_measures_nothing(text):
    assert xtrace.covered(text) == {}
