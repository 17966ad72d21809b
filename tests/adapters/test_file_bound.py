import shutil
import signal

import pytest

from pdd_tasks.adapters.file_bound import with_bound_files
from pdd_tasks.adapters.processes import child_environment, run


ENVIRONMENT = child_environment((), {})
needs_prlimit = pytest.mark.skipif(
    not shutil.which("prlimit"), reason="prlimit is not here"
)


@needs_prlimit
def test_no_file_of_a_program_or_its_children_grows_beyond_the_limit(tmp_path):
    command = ["bash", "-c", "bash -c 'yes >made'; exit $?"]
    ended = run(
        with_bound_files(command, 70_000, tmp_path, ENVIRONMENT),
        cwd=tmp_path,
        environment=ENVIRONMENT,
        timeout_s=60,
        output_limit_bytes=1000,
    )
    assert ended.exit_code == 128 + signal.SIGXFSZ
    assert (tmp_path / "made").stat().st_size == 70_000


@pytest.mark.parametrize("program", ["no-such-program", "./no-such-program"])
def test_a_program_that_is_not_there_is_left_for_its_caller_to_tell(tmp_path, program):
    command = [program, "word"]
    assert with_bound_files(command, 70_000, tmp_path, ENVIRONMENT) == command
