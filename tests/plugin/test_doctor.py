"""What the doctor finds, and what it says to do."""

import json
import time
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest
from locking import NEVER_MS, UNIT, Worker, timing
from project import Project
from stages import copied, killed

from pdd_tasks.adapters.locks.unit_locks import UnitLocks
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.lock import Standing
from pdd_tasks.core.model.settings import Settings
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.plugin.doctor.checks import findings
from pdd_tasks.plugin.doctor.examination import Examination
from pdd_tasks.plugin.doctor.finding import Finding, Site
from pdd_tasks.plugin.doctor.lock import lock_looks
from pdd_tasks.plugin.doctor.toolchain import tool_looks
from pdd_tasks.plugin.languages import load_languages


IDLE_MS = 50
RECORD = ".pdd/locks/backend/widget_typescript.json"


def site(root: Path, idle_ms: int = NEVER_MS, doubt: str = "") -> Site:
    return Site(
        root=root,
        label=PurePosixPath(),
        units=(),
        locks=UnitLocks(root, timing=timing(idle_ms)),
        doubt=lambda _: doubt,
    )


def only(found: Site) -> Finding:
    """Return the only finding of a site."""
    [finding] = findings(found)
    return finding


def shown(found: Site) -> list[str]:
    """Return what people are shown of a site."""
    return Examination(lock_looks(found), findings(found)).lines


def held(root: Path) -> None:
    """Let the unit be held once, and let go."""
    with UnitLocks(root).hold(UNIT, print):
        pass


def silenced(found: Site) -> Site:
    """Wait until the holder has been silent for long enough."""
    deadline = time.monotonic() + 30
    while found.locks.look(UNIT).standing is not Standing.SILENT:
        assert time.monotonic() < deadline
    return found


def test_nothing_is_found_where_nothing_is(tmp_path):
    assert shown(site(tmp_path)) == ["doctor: all well; 0 units free"]
    assert list(tmp_path.iterdir()) == []


def test_a_holder_at_work_is_shown_and_is_no_finding(tmp_path):
    with Worker.start(tmp_path) as holder:
        holder.does("hold")
        lines = shown(site(tmp_path))
    assert lines[0] == "locks:"
    assert lines[1].startswith(f"  {UNIT}: held: process {holder.pid} (locking.py")
    assert ", generation 1, last progress 0 s ago" in lines[1]
    assert lines[2:] == ["doctor: all well; 0 units free"]


def test_a_stopped_holder_is_to_go_on(tmp_path):
    with Worker.start(tmp_path) as holder:
        holder.does("hold")
        holder.stop()
        found = only(site(tmp_path))
    assert found.what.endswith(f"holds {UNIT} and is stopped")
    assert found.command == f"kill -CONT {holder.pid}"


def test_a_killed_holder_is_no_hindrance(tmp_path):
    with Worker.start(tmp_path) as holder:
        holder.does("hold")
        holder.kill()
    found = only(site(tmp_path))
    assert found.what.startswith(f"process {holder.pid} (locking.py")
    assert found.what.endswith(f"ended without letting {UNIT} go")
    assert found.command == "doit pending"


@pytest.mark.parametrize(
    "stopped, command, status",
    [
        pytest.param(False, "kill {}", "the process is sleeping", id="it hangs"),
        pytest.param(True, "kill -CONT {}", "the process is stopped", id="stopped"),
    ],
)
def test_a_silent_holder_can_be_evicted(tmp_path, stopped, command, status):
    with Worker.start(tmp_path) as holder:
        holder.does("hold")
        if stopped:
            holder.stop()
        found = only(silenced(site(tmp_path, IDLE_MS)))
    assert f"made no progress on {UNIT} for 0 s" in found.what
    assert "evicts it" in found.why
    assert found.why.endswith(status)
    assert found.command == command.format(holder.pid)


def changed(root: Path, **values: object) -> None:
    """Change the record of the lock."""
    path = root / RECORD
    path.write_text(json.dumps({**json.loads(path.read_bytes()), **values}))


def test_a_holder_that_is_not_seen_from_here_is_said_to_be(tmp_path):
    with Worker.start(tmp_path) as holder:
        holder.does("hold")
        changed(tmp_path, pid=2**22 + 1, heartbeat=-600_000)
        found = only(silenced(site(tmp_path, IDLE_MS)))
    assert "min" in found.what
    assert found.why.endswith("the process is not seen from here")
    assert found.command == "doit pending"


def test_a_holder_on_another_machine_is_never_silent(tmp_path):
    with Worker.start(tmp_path) as holder:
        holder.does("hold")
        changed(tmp_path, boot_id="another", host="far")
        lines = shown(site(tmp_path, 0))
    assert ", on far, generation 1, last progress unknown" in lines[1].replace(";", ",")
    assert lines[-1] == "doctor: all well; 0 units free"


def test_a_broken_record_is_written_anew_by_the_next_one(tmp_path):
    held(tmp_path)
    (tmp_path / RECORD).write_text("{")
    found = only(site(tmp_path))
    assert found.what.startswith(f"the record of the lock of {UNIT} is broken: it is")
    assert found.command == "doit pending"


def test_a_holder_whose_record_is_broken_is_found(tmp_path):
    with Worker.start(tmp_path) as holder:
        holder.does("hold")
        (tmp_path / RECORD).write_text("{")
        found = only(site(tmp_path))
    assert found.what.startswith(f"{UNIT} is held, and its lock's record cannot be")


def test_a_newer_record_is_found(tmp_path):
    held(tmp_path)
    changed(tmp_path, schema=2)
    look = site(tmp_path)
    found = only(look)
    assert "2 is newer" in found.what
    assert found.command == "pip install --upgrade pdd-tasks"
    value = Examination(lock_looks(look), ()).value
    assert "2 is newer" in json.dumps(value["locks"])


@pytest.mark.parametrize(
    "manifest, what",
    [
        pytest.param(True, "was cut off after it was decided", id="committed"),
        pytest.param(False, "was cut off before it was decided", id="staged"),
    ],
)
def test_a_publication_that_was_cut_off_is_found(tmp_path, manifest, what):
    folder = tmp_path / ".pdd/txn/backend%2Fwidget_typescript.1234"
    folder.mkdir(parents=True)
    if manifest:
        (folder / "manifest.json").write_text("{}")
    found = only(site(tmp_path))
    assert found.what == f"a publication of {UNIT} {what}"
    assert (found.kind, found.unit) == ("transaction", str(UNIT))


def test_a_publication_at_work_is_no_finding(tmp_path):
    (tmp_path / ".pdd/txn/backend%2Fwidget_typescript.1234").mkdir(parents=True)
    with Worker.start(tmp_path) as holder:
        holder.does("hold")
        assert findings(site(tmp_path)) == ()


def test_a_parked_file_is_to_be_compared(tmp_path):
    parked = tmp_path / ".pdd/parked/a_python.1234/src/a.py"
    parked.parent.mkdir(parents=True)
    parked.write_text("")
    found = only(site(tmp_path))
    assert found.kind == "parked"
    assert found.command == "diff -u src/a.py .pdd/parked/a_python.1234/src/a.py"


def test_a_file_system_without_locks_is_found(tmp_path):
    doubtful = site(tmp_path, doubt="locks do not hold here")
    assert findings(doubtful) == ()  # nothing was locked yet
    held(tmp_path)
    found = only(doubtful)
    assert found.what == "locks do not hold here"
    assert found.command == "doit lock_dir=runtime"


def test_the_doctor_says_that_all_is_well(synced):
    before = synced.files()
    said = synced.doit("doctor")
    assert (said.code, said.out) == (0, "doctor: all well; 1 unit free\n"), said.err
    value = json.loads(synced.doit("doctor", "--json").out)
    assert value["well"] is True
    assert value["findings"] == []
    [lock] = value["locks"]
    assert (lock["unit"], lock["standing"]) == ("calculator_python", "free")
    assert synced.files() == before


def test_the_doctor_explains_what_a_killed_run_left(calculator, tmp_path):
    project = copied(calculator.stage("generate").before, tmp_path / "project")
    killed(project, "manifest.json$", "doit", "sync:calculator")
    before = project.files()
    said = project.doit("doctor")
    assert said.code == 1
    assert "ended without letting calculator_python go" in said.out
    assert "a publication of calculator_python was cut off before" in said.out
    assert said.out.count("  do: doit sync:calculator_python\n") == 2
    assert said.out.endswith("doctor: 2 findings; 0 units free\n")
    assert json.loads(project.doit("doctor", "--json").out)["well"] is False
    assert project.files() == before
    assert project.doit("sync:calculator_python:generate").code == 0
    assert project.doit("doctor").code == 0


def test_the_doctor_takes_no_words(synced):
    said = synced.doit("doctor", "calculator")
    assert said.code == 3
    assert "doctor takes no 'calculator'" in said.err


def test_the_doctor_needs_units(tmp_path):
    project = Project.in_folder(tmp_path / "empty")
    project.write("dodo.py", "def task_own():\n    return {'actions': []}\n")
    said = project.doit("doctor")
    assert said.code == 3
    assert "the dodo.py has no units" in said.err


def with_tools(root: Path, **hints: str) -> Site:
    """Return a site with one unit of a language that needs these tools."""
    tools = {f"{name} --version": hint for name, hint in hints.items()}
    language = replace(load_languages(root)["bash"], tools=tools)
    unit = DevUnit(
        id=UnitId("greet", "bash"),
        root=PurePosixPath(),
        prompt=PurePosixPath("prompts/greet_bash.prompt"),
        code=(PurePosixPath("src/greet.sh"),),
        import_root=PurePosixPath("src"),
        example=PurePosixPath("examples/greet_example.sh"),
        test=PurePosixPath("tests/test_greet.sh"),
        language=language,
        settings=Settings(),
    )
    return replace(site(root), units=(unit,))


def test_tools_of_the_languages_in_use_are_listed_with_their_versions(tmp_path):
    [look] = tool_looks(with_tools(tmp_path, bash="install bash"))
    assert look.line.startswith("bash: bash: GNU bash, version ")
    assert look.units == ("greet_bash",)
    examination = Examination((), (), (look,))
    assert examination.lines[:2] == ["tools:", f"  {look.line}"]
    assert json.loads(json.dumps(examination.value))["tools"][0]["program"] == "bash"


def test_a_tool_that_is_missing_is_found_with_what_to_install(tmp_path):
    found = only(with_tools(tmp_path, no_such_tool="apt install no-such-tool"))
    assert (found.kind, found.command) == ("tool", "apt install no-such-tool")
    assert "no_such_tool" in found.what
    assert "greet_bash" in found.why


def test_a_tool_without_a_hint_is_not_needed(tmp_path):
    assert tool_looks(with_tools(tmp_path, no_such_tool="")) == ()
