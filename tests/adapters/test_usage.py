"""What operations take, measured with real children in real threads."""

import sys
import threading
from pathlib import Path

from pdd_tasks.adapters import usage
from pdd_tasks.adapters.processes import run


MIB = 1 << 20


def python(program):
    """Run a program to its end."""
    done = run(
        [sys.executable, "-c", program],
        cwd=Path(),
        environment={},
        timeout_s=60,
        output_limit_bytes=1_000,
    )
    assert done.exit_code == 0, done.output


def test_a_child_s_processor_time_and_memory_count():
    usage.begin()
    python("import time\nwhile time.process_time() < 0.3: pass\nb = b'x' * (300 << 20)")
    python("")
    taken = usage.end()
    assert taken is not None
    assert taken.cpu_s >= 0.3
    assert 300 * MIB <= taken.memory < 400 * MIB
    assert taken.children == 2


def test_what_another_thread_runs_is_not_counted():
    usage.begin()
    other = threading.Thread(target=python, args=("",))
    other.start()
    other.join()
    taken = usage.end()
    assert taken is not None
    assert (taken.children, taken.memory) == (0, 0)


def test_each_operation_begins_anew_and_what_never_began_is_unknown():
    usage.begin()
    python("")
    assert usage.end() != usage.Usage()
    usage.begin()
    taken = usage.end()
    assert taken is not None
    assert taken.children == 0
    assert usage.end() is None
