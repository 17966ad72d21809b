"""What of doit's behaviour this program relies on, and its documentation may not say.

Nothing here needs anything but doit and pytest, so that `test_doit_versions` can run
it against every version that is supported.
"""

import contextlib
import io
import os
import sys
import threading
from pathlib import Path
from typing import Any, ClassVar

import pytest
from doit import doit_cmd
from doit.action import BaseAction
from doit.cmd_base import DodoTaskLoader, DoitCmdBase, TaskLoader2
from doit.dependency import Dependency, DependencyStatus, JsonDB
from doit.doit_cmd import DoitMain
from doit.exceptions import (
    InvalidCommand,
    InvalidDodoFile,
    TaskError,
    TaskFailed,
    UnmetDependency,
)
from doit.globals import Globals
from doit.reporter import ConsoleReporter
from doit.task import Task


Asked = list[tuple[Any, ...]]

CONFIG: dict[str, Any] = {"backend": "json", "dep_file": "db.json", "verbosity": 0}
DEFAULTS = {"GLOBAL": CONFIG}
"""Without it doit opens a database of SQLite, and leaves it to be collected."""


class Noted(Dependency):  # type: ignore[misc]
    """Notes what it is asked; tasks are stale unless their name is in `current`."""

    asked: Asked
    current: set[str]

    def get_status(self, task, tasks_dict, get_log=False):  # noqa: FBT002 - doit's
        del tasks_dict
        self.asked.append(("status", task.name))
        status = DependencyStatus(get_log)
        task.dep_changed = []
        if task.name not in self.current:
            status.add_reason("changed_file_dep", "a reason")
        return status

    def save_success(self, task, result_hash=None):
        del result_hash
        self.asked.append(("saved", task.name, bool(task.executed)))

    def remove_success(self, task):
        self.asked.append(("failed", task.name))

    def remove(self, name):
        self.asked.append(("forgotten", name))

    def remove_all(self):
        self.asked.append(("all forgotten",))


class Act(BaseAction):  # type: ignore[misc]
    """Notes where it ran, and returns what it was told to return."""

    def __init__(self, asked, name, ending=None):
        self.asked, self.name, self.ending = asked, name, ending
        self.task, self.out, self.err = None, "", ""
        self.result = None
        self.values: dict[str, object] = {}
        self.thread: int | None = None

    def execute(self, out=None, err=None):
        del out, err
        self.thread = threading.get_ident()
        self.asked.append(("ran", self.name))
        return self.ending


class Loader(TaskLoader2):  # type: ignore[misc]
    """Loads given tasks, and takes the manager of dependencies over."""

    def __init__(self, tasks, asked, current=(), config=CONFIG):
        super().__init__()
        self.tasks, self.asked, self.current = tasks, asked, set(current)
        self.doit_config = config
        self.command: Any = None
        self.words: Any = None

    def load_doit_config(self):
        return self.doit_config

    def load_tasks(self, cmd, pos_args):
        self.command, self.words = cmd, list(pos_args)
        manager = Globals.dep_manager
        assert manager is cmd.dep_manager
        manager.__class__ = Noted
        for name in ("remove", "remove_all"):
            manager.__dict__.pop(name, None)
        manager.asked, manager.current = self.asked, self.current
        return self.tasks


def tasks_of(asked, *, ending=None):
    """Return a chain of three tasks below a group."""
    one = Task("g:one", [Act(asked, "one", ending)], targets=["made"], subtask_of="g")
    two = Task("g:two", [Act(asked, "two")], file_dep=["made"], subtask_of="g")
    group = Task("g", None, task_dep=["g:one", "g:two"], has_subtask=True)
    return [one, two, group]


def run(loader, *words, folder):
    """Run doit in a folder; return its exit code and what it printed."""
    said = io.StringIO()
    here = contextlib.chdir(folder)
    with here, contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = DoitMain(loader, extra_config=DEFAULTS).run(list(words))
    return code, said.getvalue()


def test_a_loader_is_told_the_command_and_its_words(tmp_path):
    asked: Asked = []
    loader = Loader(tasks_of(asked), asked)
    run(loader, "list", "--all", "g", folder=tmp_path)
    assert (loader.command.name, loader.words) == ("list", ["g"])
    assert loader.command.sel_tasks == ["g"]


def test_default_tasks_stand_for_no_words(tmp_path):
    asked: Asked = []
    loader = Loader(tasks_of(asked), asked, config={**CONFIG, "default_tasks": ["g"]})
    run(loader, folder=tmp_path)
    assert loader.words == []
    assert loader.command.sel_tasks == ["g"]


def test_a_task_creator_runs_below_the_command_with_its_options(tmp_path):
    (tmp_path / "looking.py").write_text(
        "import inspect\n"
        "from doit.cmd_base import DoitCmdBase\n"
        "def task_look():\n"
        "    frame = inspect.currentframe()\n"
        "    while frame.f_code is not DoitCmdBase.execute.__code__:\n"
        "        frame = frame.f_back\n"
        "    known = frame.f_locals\n"
        "    print(known['self'].name, known['params']['subtasks'], known['args'])\n"
        "    return {'actions': None}\n"
    )
    words = ("-f", "looking.py", "list", "--all", "look")
    code, said = run(DodoTaskLoader(), *words, folder=tmp_path)
    assert code == 0, said
    assert "list True ['look']" in said


def test_the_loader_of_a_dodo_file_has_three_options():
    names = {option["name"] for option in DodoTaskLoader.cmd_options}
    assert names == {"dodoFile", "cwdPath", "seek_file"}


def test_a_namespace_of_a_dodo_file_is_kept_with_its_loader(tmp_path):
    (tmp_path / "named.py").write_text("def task_one():\n    return {'actions': []}\n")
    loader = DodoTaskLoader()
    run(loader, "-f", "named.py", "list", folder=tmp_path)
    assert "task_one" in loader.namespace


def test_pyproject_chooses_the_loader_in_its_own_folder_only(tmp_path):
    (tmp_path / "chosen.py").write_text(
        "from doit.cmd_base import DodoTaskLoader\n"
        "class Chosen(DodoTaskLoader):\n"
        "    def setup(self, opt_values):\n"
        "        self.namespace = {}\n"
    )
    (tmp_path / "pyproject.toml").write_text(
        '[tool.doit]\nloader = "chosen"\n[tool.doit.plugins.loader]\n'
        'chosen = "chosen:Chosen"\n'
    )
    (tmp_path / "sub").mkdir()
    with on_path(tmp_path):
        assert run(None, "list", folder=tmp_path) == (0, "")
        code, said = run(None, "list", folder=tmp_path / "sub")
    assert (code, "Could not find dodo file" in said) == (3, True)


@contextlib.contextmanager
def on_path(folder):
    """Let modules of a folder be imported."""
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))


def test_what_a_loader_sets_counts_over_pyproject_and_less_than_the_command_line(
    tmp_path,
):
    (tmp_path / "pyproject.toml").write_text('[tool.doit]\ndefault_tasks = ["g:one"]\n')
    asked: Asked = []
    config = {**CONFIG, "default_tasks": ["g:two"], "continue": True}
    loader = Loader(tasks_of(asked), asked, config=config)
    run(loader, folder=tmp_path)
    assert loader.command.sel_tasks == ["g:two"]


def test_words_with_an_equals_sign_are_variables(tmp_path):
    asked: Asked = []
    loader = Loader(tasks_of(asked), asked)
    run(loader, "g:one", "budget=5", folder=tmp_path)
    assert loader.words == ["g:one"]
    assert doit_cmd._CMDLINE_VARS == {"budget": "5"}  # noqa: SLF001 - relied upon


def test_the_constructor_binds_what_removes_to_the_instance(tmp_path):
    with contextlib.chdir(tmp_path):
        manager = Dependency(JsonDB, "db.json")
    assert {"remove", "remove_all"} <= set(manager.__dict__)


def test_a_status_is_asked_for_when_it_is_the_tasks_turn(tmp_path):
    asked: Asked = []
    run(Loader(tasks_of(asked), asked), "g:two", folder=tmp_path)
    steps = [one[:2] for one in asked]
    assert steps.index(("ran", "one")) < steps.index(("status", "g:two"))


def test_a_task_waits_for_the_task_whose_target_it_reads(tmp_path):
    asked: Asked = []
    tasks = tasks_of(asked)
    run(Loader(tasks, asked), "g:two", folder=tmp_path)
    assert tasks[1].task_dep == ["g:one"]
    assert ("saved", "g:one", True) in asked


def test_a_task_that_is_up_to_date_is_neither_run_nor_recorded(tmp_path):
    asked: Asked = []
    loader = Loader(tasks_of(asked), asked, current={"g", "g:one", "g:two"})
    assert run(loader, "g", folder=tmp_path)[0] == 0
    assert {one[0] for one in asked} == {"status"}


@pytest.mark.parametrize(
    "ending, code",
    [(None, 0), (TaskFailed("no", report=False), 1), (TaskError("broken"), 2)],
)
def test_what_an_action_returns_gives_the_exit_code(tmp_path, ending, code):
    asked: Asked = []
    loader = Loader(tasks_of(asked, ending=ending), asked)
    assert run(loader, "g:one", folder=tmp_path)[0] == code


class Told(ConsoleReporter):  # type: ignore[misc]
    """A reporter that notes what it is told."""

    told: ClassVar[Asked] = []

    def initialize(self, tasks, selected_tasks):
        self.told.append(("initialize", sorted(tasks), list(selected_tasks)))

    def add_success(self, task):
        self.told.append(("success", task.name))

    def skip_uptodate(self, task):
        self.told.append(("skip", task.name))

    def add_failure(self, task, fail):
        self.told.append(("failure", task.name, type(fail)))

    def complete_run(self):
        self.told.append(("complete",))


def test_what_a_failure_blocks_is_told_and_never_asked_for_its_status(tmp_path):
    asked: Asked = []
    Told.told = []
    tasks = tasks_of(asked, ending=TaskFailed("no", report=False))
    config = {**CONFIG, "reporter": Told, "continue": True}
    code, _ = run(Loader(tasks, asked, config=config), "g", folder=tmp_path)
    assert code == 2
    assert Told.told[0] == ("initialize", ["g", "g:one", "g:two"], ["g"])
    assert ("failure", "g:one", TaskFailed) in Told.told
    assert ("failure", "g:two", UnmetDependency) in Told.told
    assert ("status", "g:two") not in asked
    assert Told.told[-1] == ("complete",)
    assert ("failed", "g:two") in asked


def test_a_reporter_may_end_the_run_with_another_exit_code(tmp_path):
    class Ending(Told):
        def complete_run(self):
            raise SystemExit(5)

    asked: Asked = []
    config = {**CONFIG, "reporter": Ending}
    with pytest.raises(SystemExit) as ended:
        run(Loader(tasks_of(asked), asked, config=config), "g", folder=tmp_path)
    assert ended.value.code == 5


def test_forgetting_asks_for_each_task_by_name(tmp_path):
    asked: Asked = []
    run(Loader(tasks_of(asked), asked), "forget", "g:one", folder=tmp_path)
    assert asked == [("forgotten", "g:one")]
    asked.clear()
    run(Loader(tasks_of(asked), asked), "forget", "--all", folder=tmp_path)
    assert asked == [("all forgotten",)]


def test_resetting_records_a_success_of_what_was_not_run(tmp_path):
    asked: Asked = []
    run(Loader(tasks_of(asked), asked), "reset-dep", "g:one", folder=tmp_path)
    assert ("saved", "g:one", False) in asked
    assert ("ran", "one") not in asked


def test_a_list_hides_a_task_whose_parents_name_is_true_and_reads_its_words(tmp_path):
    class Hidden(str):
        __slots__ = ()

        def __bool__(self):
            return False

    asked: Asked = []
    tasks = tasks_of(asked)
    tasks[0].subtask_of, tasks[0].doc = Hidden("g"), "why"
    _, said = run(Loader(tasks, asked), "list", folder=tmp_path)
    assert [line.split() for line in said.splitlines()] == [["g"], ["g:one", "why"]]
    assert asked == []


def test_a_database_of_one_file_is_not_there_before_it_is_written(tmp_path):
    asked: Asked = []
    loader = Loader(tasks_of(asked), asked, current={"g", "g:one", "g:two"})
    run(loader, "list", folder=tmp_path)
    assert not (tmp_path / "db.json").exists()


def test_threads_run_tasks_in_this_process(tmp_path):
    asked: Asked = []
    tasks = [Task(str(i), [Act(asked, str(i))]) for i in range(4)]
    words = ("run", "-n", "2", "-P", "thread", "0", "1", "2", "3")
    assert run(Loader(tasks, asked), *words, folder=tmp_path)[0] == 0
    threads = {task.actions[0].thread for task in tasks}
    assert None not in threads
    assert threading.get_ident() not in threads


@pytest.mark.parametrize("kind", [InvalidDodoFile, InvalidCommand])
def test_an_error_of_loading_is_told_without_a_traceback(tmp_path, kind):
    class Refusing(Loader):
        def load_tasks(self, cmd, pos_args):
            del cmd, pos_args
            raise kind("this cannot be used")

    code, said = run(Refusing([], []), "list", folder=tmp_path)
    assert code == 3
    assert "ERROR: " in said
    assert "this cannot be used" in said
    assert "Traceback" not in said


def test_a_name_with_colons_and_slashes_is_a_task_and_a_star_matches_both(tmp_path):
    asked: Asked = []
    tasks = [Task(f"sync:a/b_python:{i}", [Act(asked, str(i))]) for i in range(2)]
    assert run(Loader(tasks, asked), "sync:a/*", folder=tmp_path)[0] == 0
    assert [one for one in asked if one[0] == "ran"] == [("ran", "0"), ("ran", "1")]


def test_a_target_selects_its_task(tmp_path):
    asked: Asked = []
    run(Loader(tasks_of(asked), asked), "made", folder=tmp_path)
    assert ("ran", "one") in asked


def test_a_command_of_ours_gets_loader_options_and_tasks(tmp_path):
    class Look(DoitCmdBase):  # type: ignore[misc]
        name = "look"
        doc_purpose = doc_usage = ""

        def _execute(self, pos_args):
            self.outstream.write(f"{len(self.task_list)} {pos_args}\n")
            return 7

    class Main(DoitMain):  # type: ignore[misc]
        DOIT_CMDS = (*DoitMain.DOIT_CMDS, Look)

    asked: Asked = []
    said = io.StringIO()
    with contextlib.chdir(tmp_path), contextlib.redirect_stdout(said):
        loader = Loader(tasks_of(asked), asked)
        code = Main(loader, extra_config=DEFAULTS).run(["look", "word"])
    assert (code, said.getvalue()) == (7, "3 ['word']\n")


def test_doit_goes_to_the_folder_of_the_dodo_file(tmp_path):
    (tmp_path / "sub").mkdir()
    text = "import os\nprint(os.getcwd())\ndef task_x():\n    return {'actions': []}\n"
    (tmp_path / "elsewhere.py").write_text(text)
    file = str(Path(os.pardir) / "elsewhere.py")
    _, said = run(DodoTaskLoader(), "-f", file, "list", folder=tmp_path / "sub")
    assert str(tmp_path) in said.splitlines()
