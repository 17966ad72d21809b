"""Child processes, run for real: ended in time, whole groups, no keys."""

import os
import select
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pdd_tasks.adapters.process_groups import end_all
from pdd_tasks.adapters.processes import child_environment, run
from pdd_tasks.errors import RunError


def run_python(code: str, tmp_path: Path, *, timeout_s=30.0, limit=100_000):
    return run(
        [sys.executable, "-u", "-c", code],
        cwd=tmp_path,
        environment=child_environment((), {"PYTHONFAULTHANDLER": "1"}),
        timeout_s=timeout_s,
        output_limit_bytes=limit,
    )


def is_gone(pid: int) -> bool:
    """Return whether a process has ended, at once or within a few seconds."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], 10)[0])
    finally:
        os.close(handle)


def test_both_streams_come_in_order(tmp_path):
    code = (
        "import sys; print('a'); print('b', file=sys.stderr); print('c'); sys.exit(3)"
    )
    ended = run_python(code, tmp_path)
    assert (ended.exit_code, ended.output) == (3, b"a\nb\nc\n")
    assert not ended.timed_out
    assert ended.seconds > 0


def test_nothing_can_be_read_from_standard_input(tmp_path):
    ended = run_python("import sys; print(repr(sys.stdin.read()))", tmp_path)
    assert ended.output == b"''\n"


def run_given(code: str, tmp_path: Path, given: bytes, timeout_s=30.0):
    return run(
        [sys.executable, "-u", "-c", code],
        cwd=tmp_path,
        environment=child_environment((), {}),
        timeout_s=timeout_s,
        output_limit_bytes=10_000_000,
        given=given,
    )


def test_what_is_given_is_read_and_the_streams_are_kept_apart(tmp_path):
    code = (
        "import sys; text = sys.stdin.read(); sys.stderr.write('e' * 200_000);"
        "sys.stdout.write(text); sys.stderr.write('end')"
    )
    given = b"0123456789" * 100_000
    ended = run_given(code, tmp_path, given)
    assert ended.output == given
    assert ended.errors == b"e" * 200_000 + b"end"


def test_what_is_given_need_not_be_read(tmp_path):
    ended = run_given("print('done')", tmp_path, b"x" * 1_000_000)
    assert (ended.exit_code, ended.output, ended.errors) == (0, b"done\n", b"")


def test_a_program_that_closes_its_output_may_still_hang(tmp_path):
    code = "import os, time; os.close(1); os.close(2); time.sleep(600)"
    ended = run_given(code, tmp_path, b"", timeout_s=0.5)
    assert ended.timed_out


def test_the_end_by_a_signal_is_a_negative_exit_code(tmp_path):
    ended = run_python(
        "import os, signal; os.kill(os.getpid(), signal.SIGTERM)", tmp_path
    )
    assert ended.exit_code == -signal.SIGTERM
    assert not ended.timed_out


def test_long_output_keeps_head_and_tail(tmp_path):
    code = "import sys\nfor i in range(100_000): sys.stdout.write(f'{i:07}\\n')"
    ended = run_python(code, tmp_path, limit=1000)
    assert ended.exit_code == 0
    assert ended.output.startswith(b"0000000\n0000001\n")
    assert b"\n[... 799000 bytes left out ...]\n" in ended.output
    assert ended.output.endswith(b"0099999\n")
    assert len(ended.output) < 1100


def test_output_up_to_the_limit_is_whole(tmp_path):
    ended = run_python("print('x' * 999)", tmp_path, limit=1000)
    assert ended.output == b"x" * 999 + b"\n"


def test_how_much_was_left_out_is_known(tmp_path):
    assert run_python("print('x' * 999)", tmp_path, limit=1000).left_out == 0
    assert run_python("print('x' * 1999)", tmp_path, limit=1000).left_out == 1000


def test_a_program_that_hangs_prints_its_stack_and_is_ended(tmp_path):
    code = "import time\ndef hang():\n    time.sleep(600)\nhang()"
    ended = run_python(code, tmp_path, timeout_s=0.5)
    assert ended.timed_out
    assert ended.exit_code == -signal.SIGABRT
    assert b"in hang" in ended.output
    assert ended.seconds < 10


def test_a_program_that_ignores_signals_is_killed(tmp_path):
    code = (
        "import signal, time\nsignal.signal(signal.SIGABRT, signal.SIG_IGN)\n"
        "while True: time.sleep(1)"
    )
    ended = run_python(code, tmp_path, timeout_s=1.0)
    assert (ended.timed_out, ended.exit_code) == (True, -signal.SIGKILL)
    assert ended.seconds < 10


def test_a_program_that_closed_its_output_is_still_limited(tmp_path):
    code = "import os, time\nos.close(1); os.close(2)\ntime.sleep(600)"
    ended = run_python(code, tmp_path, timeout_s=0.5)
    assert ended.timed_out


def test_a_program_that_closed_its_output_may_end_well(tmp_path):
    code = "import os, time\nos.close(1); os.close(2)\ntime.sleep(0.2)\nos._exit(0)"
    ended = run_python(code, tmp_path)
    assert (ended.exit_code, ended.timed_out) == (0, False)


SPAWN = """\
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]{how})
print(child.pid)
{then}
"""


@pytest.mark.parametrize(
    "then, timeout_s",
    [
        pytest.param("", 30.0, id="the parent ends"),
        pytest.param("child.wait()", 1.0, id="the parent hangs"),
    ],
)
def test_children_of_the_child_are_killed(tmp_path, then, timeout_s):
    code = SPAWN.format(how="", then=then)
    ended = run_python(code, tmp_path, timeout_s=timeout_s)
    assert is_gone(int(ended.output.split()[0]))
    assert ended.timed_out is bool(then)
    assert ended.seconds < 10


def test_a_daemon_that_holds_the_output_open_does_not_hold_us(tmp_path):
    ended = run_python(SPAWN.format(how=", start_new_session=True", then=""), tmp_path)
    pid = int(ended.output.split()[0])
    os.kill(pid, signal.SIGKILL)  # a session of its own escapes the group
    assert not ended.timed_out
    assert ended.exit_code == 0
    assert ended.seconds < 10


def test_an_interrupted_caller_leaves_no_child(tmp_path):
    """Ctrl-C in a real program that waits for a child."""
    code = f"""
import sys
from pathlib import Path
from pdd_tasks.adapters.processes import child_environment, run
run([sys.executable, "-c", "import os, time; open('pid', 'w').write(str(os.getpid()));"
     " time.sleep(600)"],
    cwd=Path({str(tmp_path)!r}), environment=child_environment((), {{}}),
    timeout_s=600, output_limit_bytes=1000)
"""
    os.mkfifo(tmp_path / "pid")
    with subprocess.Popen(
        [sys.executable, "-c", code], stderr=subprocess.PIPE
    ) as caller:
        pid = int((tmp_path / "pid").read_text())
        caller.send_signal(signal.SIGINT)
        _, errors = caller.communicate(timeout=20)
    assert b"KeyboardInterrupt" in errors
    assert is_gone(pid)


def test_ending_all_ends_a_run_of_another_thread_with_an_error(tmp_path):
    raised: list[RunError] = []

    def work():
        code = (
            "import os, time; open('pid', 'w').write(str(os.getpid())); time.sleep(600)"
        )
        try:
            run_python(code, tmp_path, timeout_s=600)
        except RunError as error:
            raised.append(error)

    os.mkfifo(tmp_path / "pid")
    thread = threading.Thread(target=work)
    thread.start()
    pid = int((tmp_path / "pid").read_text())
    assert end_all() == 1
    thread.join(20)
    assert is_gone(pid)
    assert "interrupted" in raised[0].message
    assert end_all() == 0


@pytest.mark.parametrize(
    "program, reason",
    [
        pytest.param("no-such-program-here", "no such file", id="missing"),
        pytest.param("./text", "permission denied", id="not executable"),
        pytest.param("nul\0l", "null byte", id="no name at all"),
    ],
)
def test_a_program_that_cannot_start_is_named(tmp_path, program, reason):
    (tmp_path / "text").write_text("x")
    with pytest.raises(RunError, match=reason) as caught:
        run([program], cwd=tmp_path, environment={}, timeout_s=1, output_limit_bytes=9)
    assert program in eval(caught.value.message.split()[2].rstrip(":"))  # noqa: S307  # a repr
    assert "interpreter" in caught.value.hint


def test_a_missing_folder_is_named(tmp_path):
    folder = tmp_path / "gone"
    with pytest.raises(RunError, match=r"in the missing folder .*gone"):
        run(["true"], cwd=folder, environment={}, timeout_s=1, output_limit_bytes=9)


def test_a_child_sees_only_what_is_named_for_it(tmp_path):
    code = """
from pdd_tasks.adapters.processes import child_environment
found = child_environment(["PASSED", "ABSENT", "TZ"], {"OWN": "1", "HOME": "/h"})
print(sorted(found.items()))
"""
    outer = {
        "PATH": "/bin",
        "PASSED": "yes",
        "OPENAI_API_KEY": "sk-secret",
        "TZ": "Mars/Olympus",
        "LANG": "de_DE",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    ended = run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        environment=outer,
        timeout_s=30,
        output_limit_bytes=10_000,
    )
    assert dict(eval(ended.output)) == {  # noqa: S307  # our own repr
        "PATH": "/bin",
        "PASSED": "yes",
        "OWN": "1",
        "HOME": "/h",
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
        "COLUMNS": "80",
        "LINES": "24",
    }
