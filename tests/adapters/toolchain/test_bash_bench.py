import shutil
import subprocess

import pytest
from benches import GREET, TESTS, bash, laid, ran, shown

from pdd_tasks.core.model.failure import FailureKind


BASH = shutil.which("bash") or "bash"
IS_NEW = "[ ${BASH_VERSINFO[0]} -ge 5 ]"
needs_new_bash = pytest.mark.skipif(
    subprocess.run([BASH, "-c", IS_NEW], check=False).returncode != 0,
    reason="Bash 5 is not here",
)


def test_each_function_of_a_bash_file_is_a_test(tmp_path):
    run = ran(tmp_path, bash(tmp_path, TESTS + "test_later() { return 77; }\n"))
    assert run.results == {
        "tests/test_greet.sh::test_greets": "passed",
        "tests/test_greet.sh::test_later": "skipped",
    }
    assert (run.exit_code, run.failures, run.coverage) == (0, (), None)


MANY_FORMS = """\
# A comment.
readonly LIMIT=3
declare -A seen=(
  [a]=1
)
shown() {
  local first=$1 rest
  rest=$(printf '%s\\n' "$first" |
    tr a-z A-Z)
  if [[ -n $rest &&
    $rest != X ]]; then
    echo "$rest"
  elif [ "$first" = x ]; then
    echo other
  else
    echo none
  fi
  for ((i = 0; i < 2; i++)); do
    (( i > 0 )) || continue
    printf '%s %s\\n' \\
      "$i" "again"
  done
  while read -r line; do
    case $line in
      a*) echo starts ;;
      *)
        echo unlike
        ;;
    esac
  done < <(printf 'ab\\n')
  cat <<END
some $(echo text)
END
  ( : && true )
  ! false
  i=4 true
  [[ $LIMIT -eq 3 ]] && return 0
  echo unreached
}
coded() (
  a=1 b=2
  sort /dev/null |
    cat
)
"""


@needs_new_bash
def test_lines_of_bash_that_were_not_run_are_known(tmp_path):
    tests = "source src/greet.sh\ntest_shows() { shown b; cd /; coded; }\n"
    run = ran(tmp_path, bash(tmp_path, tests, MANY_FORMS), measure=True)
    assert run.results == {"tests/test_greet.sh::test_shows": "passed"}
    assert run.missing == "13-16, 27, 38"
    assert run.coverage == pytest.approx(100 * 17 / 22)


@needs_new_bash
def test_code_of_bash_that_another_reader_would_not_take_is_not_measured(tmp_path):
    code = GREET + "if then\n"
    tests = "eval \"$(sed '/^if/d' src/greet.sh)\"\ntest_x() { greet Bo; }\n"
    run = ran(tmp_path, bash(tmp_path, tests, code), measure=True)
    assert run.results == {"tests/test_greet.sh::test_x": "passed"}
    assert run.coverage is None


def test_a_failed_command_of_bash_is_told_with_its_place(tmp_path):
    unit = bash(tmp_path, TESTS.replace("hello Bo", "hello Al"))
    failure = ran(tmp_path, unit).failures[0]
    assert failure.test == "tests/test_greet.sh::test_greets"
    assert failure.kind is FailureKind.ASSERTION
    assert failure.where == "tests/test_greet.sh:4"
    assert failure.line == '[ "$(greet Bo)" = "hello Al" ]'
    assert failure.message.startswith("failed: [ ")


def test_a_bash_file_that_cannot_be_loaded_is_no_test(tmp_path):
    run = ran(tmp_path, bash(tmp_path, "source src/gone.sh || exit 1\n"))
    assert run.results == {}
    assert run.failures[0].kind is FailureKind.COLLECTION
    assert "gone.sh" in run.failures[0].message


def test_code_of_bash_that_ends_the_shell_is_no_pass(tmp_path):
    run = ran(tmp_path, bash(tmp_path, "test_ends() { exit 0; }\n"))
    assert run.results == {"tests/test_greet.sh::test_ends": "failed"}
    assert "before its own end" in run.failures[0].message


def test_what_a_file_of_bash_warns_of_names_no_tests(tmp_path):
    run = ran(tmp_path, bash(tmp_path, f"echo be careful >&2\n{TESTS}"))
    assert run.results == {"tests/test_greet.sh::test_greets": "passed"}


def test_an_example_of_bash_runs(tmp_path):
    unit = bash(tmp_path)
    laid(tmp_path, {"examples/greet_example.sh": "source src/greet.sh\ngreet you\n"})
    assert (shown(tmp_path, unit).exit_code, shown(tmp_path, unit).output) == (
        0,
        "hello you",
    )


def test_of_what_a_test_of_bash_prints_the_beginning_and_the_end_are_kept(tmp_path):
    noise = "seq 200000; false"
    run = ran(tmp_path, bash(tmp_path, f"test_talks() {{ {noise}; }}\n"))
    assert run.results == {"tests/test_greet.sh::test_talks": "failed"}
    assert run.failures[0].message.startswith("failed: false")
    assert len(run.output) < 10_000
