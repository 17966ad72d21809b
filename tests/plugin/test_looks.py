"""A glance finds what a look at length finds, or nothing."""

import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from project import Project as Folder

from pdd_tasks.adapters.look_files import LookFiles
from pdd_tasks.adapters.traces import TraceFiles
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.model.units import Units
from pdd_tasks.core.plan.plan import Plan
from pdd_tasks.engine.glance import Case, Glances
from pdd_tasks.engine.observe import planned
from pdd_tasks.errors import PddError
from pdd_tasks.plugin.looks import MANY, Looks
from pdd_tasks.plugin.project import Project


NEEDED, UNIT = "g0000_u0", "g0000_u3"  # the second one includes the first's example

Change = Callable[[Folder], object]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Return units in sync."""
    return Folder.of_many(tmp_path_factory.mktemp("looks") / "units", 10)


@pytest.fixture
def units(first: Folder, tmp_path: Path) -> Folder:
    """Return a copy of them."""
    shutil.copytree(first.root, tmp_path / "units")
    return Folder(tmp_path / "units")


def _project(folder: Folder, **variables: str) -> Project:
    return Project(folder.root, (".",), variables)


def _looks(project: Project) -> Looks:
    looks = Looks(project.top, project.units, least=1)
    for unit in project.units:
        with suppress(PddError):  # the edges tell that
            looks.needs(unit, Units.of(project.units, unit.root))
    return looks


def _look(project: Project, looks: Looks, unit: DevUnit) -> Plan | str:
    try:
        found = looks.look(project.world(unit), unit).found
    except PddError as error:
        return str(error)
    return found if isinstance(found, Plan) else str(found)


def _anew(project: Project, unit: DevUnit) -> Plan | str:
    try:
        return planned(project.world(unit), unit)[0]
    except PddError as error:
        return str(error)


def _cases(project: Project) -> dict[str, Case]:
    """Return the units whose case is seen at a glance."""
    top, units = project.top, Units(project.units)
    glances = Glances(units, LookFiles(top), TraceFiles(top))
    for unit in units:
        with suppress(PddError):
            glances.needs(unit)
    found = {unit.id.basename: glances.case(unit) for unit in units}
    return {name: case for name, case in found.items() if case is not None}


def _dropped(path: str) -> Change:
    return lambda folder: (folder.root / path).unlink()


def _added(path: str, text: str = "# more\n") -> Change:
    return lambda folder: folder.write(path, _before(folder, path) + text)


def _before(folder: Folder, path: str) -> str:
    return folder.read(path) if (folder.root / path).exists() else ""


def _recorded(path: str, key: str, value: object) -> Change:
    def change(folder: Folder) -> None:
        found = json.loads(folder.read(path))
        found[key] = value
        folder.write(path, json.dumps(found))

    return change


def _linked_away(folder: Folder) -> None:
    code = folder.root / f"src/{UNIT}.py"
    code.rename(folder.root.parent / "elsewhere.py")
    code.symlink_to(folder.root.parent / "elsewhere.py")


def _replaced(path: str, old: str, new: str) -> Change:
    def change(folder: Folder) -> None:
        text = folder.read(path)
        (folder.root / path).write_bytes(text.replace(old, new).encode())
        assert old in text

    return change


def _adopted(folder: Folder) -> None:
    found = json.loads(folder.read(f"{META}.json"))
    made = found["steps"]["example"]["outputs"]
    folder.write(f"{META}.json", json.dumps({**found, "adopted": made}))


def _without_record(step: str) -> Change:
    def change(folder: Folder) -> None:
        found = json.loads(folder.read(f"{META}.json"))
        del found["steps"][step]
        folder.write(f"{META}.json", json.dumps(found))

    return change


def _moved(folder: Folder) -> None:
    folder.write(
        ".pddrc", "contexts:\n  default:\n    defaults:\n      prompts_dir: asked\n"
    )
    (folder.root / "prompts").rename(folder.root / "asked")


def _renamed(folder: Folder) -> None:
    old = folder.root / f"prompts/{UNIT}_python.prompt"
    old.rename(folder.root / "prompts/another_python.prompt")


def _unreadable(folder: Folder) -> None:
    (folder.root / f"examples/{NEEDED}_example.py").write_bytes(b"\xff")


INCLUDES = "<include>a.md</include>\n"
META = f".pdd/meta/{UNIT}_python"
CHANGES = {
    "nothing": lambda _: None,
    "prompt": _added(f"prompts/{UNIT}_python.prompt", "More.\n"),
    "needs another": _added(f"prompts/{UNIT}_python.prompt", "As `g0000_u7` does.\n"),
    "prompt gone": _dropped(f"prompts/{UNIT}_python.prompt"),
    "code": _added(f"src/{UNIT}.py", "X = 1\n"),
    "layout of the code": _added(f"src/{UNIT}.py"),
    "code gone": _dropped(f"src/{UNIT}.py"),
    "code elsewhere": _linked_away,
    "example": _added(f"examples/{UNIT}_example.py"),
    "example gone": _dropped(f"examples/{UNIT}_example.py"),
    "tests": _added(f"tests/test_{UNIT}.py"),
    "tests gone": _dropped(f"tests/test_{UNIT}.py"),
    "further tests": _added(f"tests/test_{UNIT}_more.py"),
    "example of another": _added(f"examples/{NEEDED}_example.py", "print(2)\n"),
    "interface of another": _added(f"examples/{NEEDED}_example.py", "def f(): ...\n"),
    "example of another gone": _dropped(f"examples/{NEEDED}_example.py"),
    "record": _recorded(f"{META}.json", "stale", ["generate"]),
    "record gone": _dropped(f"{META}.json"),
    "record broken": _added(f"{META}.json", "no"),
    "report": _recorded(f"{META}_run.json", "tests", None),
    "report gone": _dropped(f"{META}_run.json"),
    "a further unit": _added("prompts/rule_python.prompt", "A rule.\n"),
    "settings": _added(
        ".pddrc", "contexts:\n  default:\n    defaults:\n      target_coverage: 50\n"
    ),
    "program": _recorded(f"{META}.json", "pdd_version", "9.9"),
    "schema": _recorded(f"{META}.json", "schema", 2),
    "key twice": _replaced(f"{META}.json", '{\n "adopted": {},', '{"adopted": {},' * 2),
    "odd history": _recorded(f"{META}.json", "history", [{}]),
    "adopted": _adopted,
    "a step without record": _without_record("verify"),
    "made without record": _without_record("test"),
    "failed": _replaced(f"{META}_run.json", '"passed"', '"failed"'),
    "coverage": _replaced(f"{META}_run.json", "100.0", "12.5"),
    "languages": _added("languages.yaml", "python:\n  run: [python, -S, '{file}']\n"),
    "another language": _added("languages.yaml", "python:\n  extensions: [py3]\n"),
    "prompts elsewhere": _moved,
    "prompt renamed": _renamed,
    "prompt with a note": _added(f"prompts/{UNIT}_python.prompt", "<pdd>a</pdd>\n"),
    "prompt with a fence": _added(f"prompts/{UNIT}_python.prompt", "```\nx\n```\n"),
    "prompt with blanks": _added(f"prompts/{UNIT}_python.prompt", "x  \n\n\n"),
    "broken directive": _added(f"prompts/{UNIT}_python.prompt", "<include>\n"),
    "includes prose": _added(f"prompts/{UNIT}_python.prompt", INCLUDES),
    "line ends": _replaced(f"src/{UNIT}.py", "\n", "\r\n"),
    "line ends of another": _replaced(f"examples/{NEEDED}_example.py", "\n", "\r\n"),
    "no text": lambda f: (f.root / f"examples/{NEEDED}_example.py").write_bytes(
        b"\xff"
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_glance_finds_what_a_look_at_length_finds(
    units: Folder, change: Change
) -> None:
    change(units)
    project = _project(units)
    looks = _looks(project)
    found = {unit: _look(project, looks, unit) for unit in project.units}
    assert found == {unit: _anew(project, unit) for unit in project.units}


def test_all_that_is_in_sync_is_seen_at_a_glance(units: Folder) -> None:
    cases = _cases(_project(units))
    assert len(cases) == 10
    assert len(set(cases.values())) == 1


@pytest.mark.parametrize("profile", ["quick", "thorough", "safe"])
def test_a_glance_knows_profiles(units: Folder, profile: str) -> None:
    project = _project(units, profile=profile)
    looks = _looks(project)
    found = {unit: _look(project, looks, unit) for unit in project.units}
    assert found == {unit: _anew(project, unit) for unit in project.units}


def test_what_has_nothing_to_do_with_a_change_is_seen_at_a_glance(
    units: Folder,
) -> None:
    _added(f"examples/{NEEDED}_example.py")(units)
    assert _cases(_project(units)).keys() == {f"g0000_u{n}" for n in range(4, 10)}


@pytest.mark.parametrize("name", ["auto_deps", "resume_from", "remove_redundant"])
def test_settings_that_ask_for_more_are_looked_at_at_length(
    units: Folder, name: str
) -> None:
    value = {"auto_deps": "rules", "resume_from": "test", "remove_redundant": "1"}
    assert _cases(_project(units, **{name: value[name]})) == {}


def test_what_was_done_meanwhile_is_seen(units: Folder) -> None:
    project = _project(units)
    looks = _looks(project)
    unit = project.unit(f"{UNIT}_python")
    assert unit is not None
    looks.look(project.world(unit), unit)
    looks.act()
    _added(f"src/{UNIT}.py", "X = 1\n")(units)
    assert _look(project, looks, unit) == _anew(project, unit)


def test_nothing_is_written_by_looks(tmp_path: Path) -> None:
    units = Folder.of_many(tmp_path / "units", MANY)
    before = units.files()
    assert units.doit("pending").out == f"{MANY} of {MANY} units in sync\n"
    assert units.doit().out == f"sync: {MANY} units in sync; nothing to do\n"
    assert units.files() == before
    units.write(f"prompts/{UNIT}_python.prompt", "Another prompt.\n")
    assert {step for step, _ in units.pending()} >= {"auto-deps", "generate"}
