import json
from pathlib import Path

from driver_runs import write

from pdd_tasks.adapters.toolchain.drivers import bash_trace


TRACE = """\
+\x1fsrc/a.sh\x1f2\x1fecho one
one
+++\x1ftests/../src/a.sh\x1f3\x1ftrue
+\x1f{root}/src/a.sh\x1f4\x1ftrue
+\x1fa.sh\x1f5\x1ftrue
+\x1ftests/test_a.sh\x1f6\x1ftrue
+\x1fgone.sh\x1f7\x1ftrue
+\x1f\x1f8\x1ftrue
"""


def test_lines_of_the_code_are_told_however_it_was_sourced(project):
    write(project, {"src/a.sh": "a\n", "tests/test_a.sh": ""})
    write(project, {"trace": TRACE.format(root=project)})
    assert bash_trace.main(["report", "trace", "src/a.sh"]) == 0
    told = json.loads(Path("report").read_text())
    assert told == {"src/a.sh": {"text": "a\n", "lines": [2, 3, 4, 5]}}


def test_without_a_trace_nothing_is_known(project):
    write(project, {"src/a.sh": "a\n"})
    assert bash_trace.main(["report", "trace", "src/a.sh"]) == 1
    assert not Path("report").exists()
