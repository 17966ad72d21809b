"""doit's own commands and ours, as a user types them."""

import json

import pytest
from project import Project
from surface import steps, unchanged


UNIT = "sync:calculator_python"
EXAMPLE = "examples/calculator_example.py"
META = ".pdd/meta/calculator_python.json"
KEPT = "the example was written or edited by hand: it is kept"
NOT_RUN = "the example was not run for the present bytes"


@pytest.fixture
def crash_due(synced):
    """Return a project in which someone wrote on in the example."""
    synced.write(EXAMPLE, synced.read(EXAMPLE) + "# more\n")
    return synced


def tree(project):
    folders = {str(p): p.stat().st_mtime_ns for p in project.root.rglob("*")}
    return project.files(), folders


def listed(said):
    """Return task → what stands behind it."""
    return {
        line.split()[0]: " ".join(line.split()[1:]) for line in said.out.splitlines()
    }


def test_list_shows_what_is_pending_and_why(crash_due):
    said = crash_due.doit("list")

    assert said.code == 0, said.text
    tasks = listed(said)
    assert tasks[f"{UNIT}:example"] == KEPT
    assert tasks[f"{UNIT}:crash"] == NOT_RUN
    assert f"{UNIT}:generate" not in tasks


def test_list_of_a_unit_in_sync_is_short(synced):
    said = synced.doit("list")

    assert [line.split() for line in said.out.splitlines()] == [["sync", "in", "sync"]]


def test_list_shows_all_steps_with_their_status_if_asked(crash_due):
    said = crash_due.doit("list", "--all", "-s")

    status = {line[2:].split()[0]: line[0] for line in said.out.splitlines()}
    assert status[f"{UNIT}:crash"] == "R"
    assert status[f"{UNIT}:generate"] == "U"
    assert len(status) == 11


def test_info_gives_the_reason_and_says_by_its_exit_code_that_a_step_is_due(crash_due):
    due = crash_due.doit("info", f"{UNIT}:crash")
    current = crash_due.doit("info", f"{UNIT}:generate")

    assert (due.code, current.code) == (1, 0), due.text + current.text
    assert "the example was not run for the present bytes" in due.out
    assert "src/calculator.py" in current.out
    assert "prompts/calculator_python.prompt" in current.out


def test_pending_names_each_step_with_its_reason(crash_due):
    said = crash_due.doit("pending")

    assert said.code == 0, said.text
    assert said.out.splitlines() == [
        f"calculator_python example: {KEPT}",
        f"calculator_python crash: {NOT_RUN}",
        "calculator_python: may follow: verify, test, fix",
        "0 of 1 units in sync",
    ]


NOTHING = {"p50": 0, "p90": 0}  # recorded replies are free


@pytest.mark.parametrize(
    "words, code",
    [
        pytest.param(["log"], 2, id="a command says that not all was heard"),
        pytest.param([UNIT], 0, id="a sync goes on"),
    ],
)
def test_a_reader_that_goes_away_is_no_traceback(synced, words, code):
    tests = "tests/test_calculator.py"
    synced.write(tests, synced.read(tests) + "# more\n")

    with synced.started(*words) as child:
        child.stdout.close()
        said = child.stderr.read()

    assert child.returncode == code, said
    assert "Traceback" not in said
    assert "Broken" not in said
    assert (synced.pending() == []) is (words == [UNIT])


def test_pending_answers_programs_with_json(crash_due):
    said = crash_due.doit("pending", "--json")

    assert json.loads(said.out) == {
        "schema": 1,
        "not_checked_out": [],
        "without_prompt": [],
        "pending": True,
        "cost": NOTHING
        | {
            "requests": 0,
            "unpriced": [],
            "today": {
                "settled": 0,
                "estimated": 0,
                "orphaned": 0,
                "reserved": 0,
                "unknown": 0,
            },
        },
        "units": [
            {
                "cost": NOTHING | {"recorded": 0},
                "unit": "calculator_python",
                "prompt": "prompts/calculator_python.prompt",
                "error": None,
                "remarks": [],
                "needs_first": None,
                "drift": [
                    {
                        "kind": "example-edited",
                        "because": "the example was edited since it was made",
                        "file": "examples/calculator_example.py",
                        "line": 26,
                        "mend": "doit sync:calculator_python",
                    }
                ],
                "may_follow": ["verify", "test", "fix"],
                "steps": [
                    {
                        "step": "example",
                        "operation": "keep example",
                        "because": KEPT,
                        "paid": False,
                    },
                    {
                        "step": "crash",
                        "operation": "run example",
                        "because": NOT_RUN,
                        "paid": False,
                    },
                ],
            }
        ],
    }


@pytest.mark.parametrize(
    "words, code",
    [
        pytest.param((), 0, id="plain"),
        pytest.param(("--exit-code",), 1, id="exit code"),
        pytest.param(("calculator", "--exit-code"), 1, id="basename"),
        pytest.param(("--exit-code", "calculator_python"), 1, id="unit"),
        pytest.param((f"{UNIT}:crash", "--exit-code"), 1, id="task"),
        pytest.param(("sync", "--exit-code"), 1, id="all"),
        pytest.param(("calculatr",), 3, id="no unit"),
    ],
)
def test_pending_locks_nothing_and_writes_nothing(crash_due, words, code):
    before = tree(crash_due)

    said = crash_due.doit("pending", *words)

    assert said.code == code, said.text
    assert tree(crash_due) == before


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("pending", "calculatr"), id="pending"),
        pytest.param(("sync:calculatr",), id="run"),
        pytest.param(("sync:calculatr:*",), id="pattern"),
        pytest.param(("info", "sync:calculatr"), id="info"),
        pytest.param(("forget", "sync:calculatr_python:test"), id="forget"),
    ],
)
def test_a_name_that_is_no_unit_is_refused_with_the_nearest(synced, words):
    said = synced.doit(*words)

    assert said.code == 3, said.text
    assert "the nearest are calculator" in said.text
    assert "Traceback" not in said.text


def test_only_a_step_that_was_forgotten_runs_again(synced):
    before = synced.contents()
    forgot = synced.doit("forget", f"{UNIT}:verify")
    said = synced.doit("sync:calculator")

    assert (forgot.code, said.code) == (0, 0), forgot.text + said.text
    assert steps(said) == ["verify"]
    assert "verify: it was forgotten" in said.out
    assert unchanged(before, synced.contents(), but=[".pdd/"])
    assert synced.pending() == []


def test_a_forgotten_unit_is_due_from_the_first_step_on(synced):
    assert synced.doit("forget", UNIT).code == 0

    assert [step for step, _ in synced.pending()] == [
        "auto-deps",
        "generate",
        "example",
        "crash",
        "verify",
        "test",
    ]


@pytest.mark.parametrize(
    "words",
    [pytest.param((), id="bare"), pytest.param(("--all",), id="all")],
)
def test_forgetting_every_unit_at_once_is_refused(synced, words):
    before = synced.files()

    said = synced.doit("forget", *words)

    assert said.code == 3, said.text
    assert "would pay for all of them again" in said.text
    assert "doit forget sync:UNIT" in said.text
    assert synced.files() == before


def test_a_unit_cannot_be_ignored(synced):
    before = synced.files()

    said = synced.doit("ignore", UNIT)

    assert said.code == 3, said.text
    assert f"{UNIT} cannot be ignored" in said.text
    assert synced.files() == before


def test_nothing_of_a_unit_is_cleaned_away(synced):
    before = synced.files()

    said = synced.doit("clean", "-a")

    assert said.code == 0, said.text
    assert synced.files() == before


def test_running_always_does_no_more_than_is_due(synced):
    before = synced.contents()

    said = synced.doit("run", "-a")

    assert said.code == 0, said.text
    assert said.out.count("nothing left to do") == 8
    assert unchanged(before, synced.contents(), but=[".pdd/locks/"])


def test_reset_dep_accepts_an_edit_of_the_code(synced):
    edited = synced.read("src/calculator.py") + "\n_UNUSED = 1\n"
    synced.write("src/calculator.py", edited)

    reset = synced.doit("reset-dep", UNIT)

    assert reset.code == 0, reset.text
    assert [step for step, _ in synced.pending()] == ["crash", "test"]
    synced.doit(f"{UNIT}:crash", f"{UNIT}:test")
    assert synced.read("src/calculator.py") == edited


@pytest.mark.parametrize(
    "word",
    [
        pytest.param(f"{UNIT}:crash", id="step"),
        pytest.param("sync:*:crash", id="pattern"),
    ],
)
def test_a_step_runs_with_those_before_it_only(crash_due, word):
    said = crash_due.doit(word)

    assert said.code == 0, said.text
    assert steps(said) == ["example", "crash"]


def test_a_file_selects_the_step_that_makes_it(synced):
    (synced.root / EXAMPLE).unlink()

    code = synced.doit("src/calculator.py")
    example = synced.doit(EXAMPLE)

    assert (code.code, steps(code)) == (0, [])
    assert (example.code, steps(example)) == (0, ["example"]), example.text


def test_verbosity_decides_on_notes_and_on_steps_with_nothing_to_do(synced):
    said = {}
    for level in "012":
        synced.write(EXAMPLE, synced.read(EXAMPLE) + "# more\n")
        said[level] = synced.doit("run", "-v", level, f"{UNIT}:crash")

    assert {level: one.code for level, one in said.items()} == dict.fromkeys("012", 0)
    assert "the example ran: exit code 0" not in said["0"].out
    assert "the example ran: exit code 0" in said["1"].out
    assert "--" not in said["1"].out
    assert "the example ran: exit code 0" in said["2"].out
    assert "-- calculator_python generate: the prompt is the one" in said["2"].out


def test_threads_do_the_same_as_one_process(crash_due):
    said = crash_due.doit("run", "-n", "4", "-P", "thread", f"{UNIT}:crash")

    assert (said.code, steps(said)) == (0, ["example", "crash"]), said.text


def test_processes_are_refused_with_the_reason(crash_due):
    before = crash_due.contents()

    said = crash_due.doit("run", "-n", "2", "-P", "process")

    assert said.code == 3, said.text
    assert "-P process cannot share one budget and one set of locks" in said.text
    assert "use `-P thread`, as in `doit run -n 8 -P thread`" in said.text
    assert crash_due.contents() == before


OWN_TASKS = '''\
from pdd_tasks import doit_project

DOIT_CONFIG, task_sync = doit_project()
DOIT_CONFIG["default_tasks"] = ["sync", "count"]


def task_count():
    """Count the lines of the example."""
    return {
        "file_dep": ["examples/calculator_example.py"],
        "actions": ["wc -l < examples/calculator_example.py > count.txt"],
        "targets": ["count.txt"],
    }
'''


def test_a_task_of_the_users_own_keeps_what_doit_does(synced):
    synced.write("dodo.py", OWN_TASKS)
    (synced.root / EXAMPLE).unlink()

    first = synced.doit()
    count = synced.read("count.txt")
    second = synced.doit()

    assert (first.code, second.code) == (0, 0), first.text + second.text
    assert first.out.index("calculator_python example:") < first.out.index(".  count")
    assert int(count) == len(synced.read(EXAMPLE).splitlines())
    assert "-- count" in second.out
    assert (synced.root / ".doit.db.json").is_file()
    assert "sync" not in synced.read(".doit.db.json")


def test_a_failing_task_of_the_users_own_ends_with_its_error(synced):
    synced.write("dodo.py", OWN_TASKS.replace("wc -l", "exit 7; wc -l"))

    said = synced.doit()

    assert said.code == 2, said.text
    assert "count" in said.text


def test_several_folders_are_served_by_one_dodo(first_calculator, tmp_path):
    project = Project.in_folder(tmp_path)
    shift = {"one": "one", "two/a": "two_a"}
    for folder, name in shift.items():
        for path, data in first_calculator[0].contents().items():
            if path.startswith(("prompts/", ".pddrc")):
                target = project.root / folder / path.replace("calculator", name)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
    project.write(
        "dodo.py",
        "from pdd_tasks import doit_project\n"
        'DOIT_CONFIG, task_sync = doit_project("one", "two/*", "none*")\n',
    )

    said = project.doit("pending", "--json")

    units = json.loads(said.out)["units"]
    assert {unit["prompt"] for unit in units} == {
        "one/prompts/one_python.prompt",
        "two/a/prompts/two_a_python.prompt",
    }
    assert project.doit("list").out.count("sync:two_a_python:generate") == 1


def test_a_folder_that_is_named_and_missing_is_refused(tmp_path):
    project = Project.in_folder(tmp_path)
    project.write(
        "dodo.py",
        "from pdd_tasks import doit_project\n"
        'DOIT_CONFIG, task_sync = doit_project("nowhere")\n',
    )

    said = project.doit()

    assert said.code == 3, said.text
    assert "dodo.py names the folder nowhere, which does not exist" in said.text


@pytest.mark.slow
def test_two_projects_are_synced_by_one_run_and_counted(tmp_path):
    for name in ("calculator", "roman"):
        root = Project.of_example(name, tmp_path).root
        (root / "dodo.py").unlink()
    project = Project.in_folder(tmp_path)
    project.write(
        "dodo.py",
        "from pdd_tasks import doit_project\n"
        'DOIT_CONFIG, task_sync = doit_project("calculator", "ro*")\n',
    )

    first = project.doit("run", "-n", "2", "-P", "thread")
    second = project.doit()

    assert first.code == 0, first.text
    assert "sync: 2 units in sync; " in first.out.splitlines()[-1]
    assert second.out == "sync: 2 units in sync; nothing to do\n"


def test_a_run_that_was_cut_off_is_pending_until_the_next_one(synced):
    (synced.root / ".pdd/txn/calculator_python.0123abcd").mkdir(parents=True)

    said = synced.doit("pending", "--exit-code")

    assert said.code == 1
    assert "calculator_python: an earlier run was cut off" in said.out
    assert "discarded the step" in synced.doit("sync:calculator").err
    assert synced.doit("pending", "--exit-code").code == 0


def test_a_unit_whose_prompt_is_gone_is_reported_with_the_others(synced):
    synced.write(".pdd/meta/lost_python.json", synced.read(META))

    said = synced.doit("pending")

    assert "lost_python: its prompt is gone; its files are left alone" in said.out
    assert '"lost_python"' in synced.doit("pending", "--json").out


def test_patterns_select_units_and_steps(synced):
    for pattern in ("calc*", "sync:*:generate", "sync:calculator_python:*"):
        assert "1 of 1 units in sync" in synced.doit("pending", pattern).out
    assert synced.doit("pending", "other*").code == 3
