"""What was at rest is known again by its bytes, and by nothing less than all."""

import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from project import Project as Folder

from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.model.units import Units
from pdd_tasks.core.plan.plan import Plan
from pdd_tasks.engine.observe import planned
from pdd_tasks.errors import PddError
from pdd_tasks.plugin.looks import MANY, Looks
from pdd_tasks.plugin.project import Project
from pdd_tasks.plugin.rest import Rest


KEPT = ".pdd/cache/looks.json"
NEEDED, UNIT = "g0000_u0", "g0000_u3"  # the second one includes the first's example

Change = Callable[[Folder], object]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Return units in sync, of which looks are kept."""
    folder = Folder.of_many(tmp_path_factory.mktemp("looks") / "units", 10)
    _keep(folder)
    return folder


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


def _keep(folder: Folder) -> None:
    project = _project(folder)
    looks = _looks(project)
    for unit in project.units:
        looks.look(project.world(unit), unit)
    looks.keep()


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


def _known(project: Project) -> set[str]:
    """Return the units that are known to be at rest."""
    rest = Rest(project.top, Units(project.units))
    return {u.id.basename for u in project.units if rest.known(u) is not None}


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
    "looks broken": _added(KEPT, "no"),
    "looks of another program": _recorded(KEPT, "base", "another"),
    "looks without units": _recorded(KEPT, "units", [1]),
    "looks without a key": _recorded(KEPT, "units", {f"{UNIT}_python": [1]}),
    "looks without plans": _recorded(KEPT, "plans", [1]),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_unit_that_is_known_again_is_what_a_look_finds(
    units: Folder, change: Change
) -> None:
    change(units)
    project = _project(units)
    looks = _looks(project)
    found = {unit: _look(project, looks, unit) for unit in project.units}
    assert found == {unit: _anew(project, unit) for unit in project.units}


@pytest.mark.parametrize(
    "change", [c for n, c in CHANGES.items() if n != "nothing"], ids=[*CHANGES][1:]
)
def test_a_unit_is_not_known_again_if_anything_changed(
    units: Folder, change: Change
) -> None:
    before = _known(_project(units))
    change(units)
    known = _known(_project(units))
    assert len(before) == 10
    assert UNIT not in known


def test_what_has_nothing_to_do_with_a_change_is_known_again(units: Folder) -> None:
    _added(f"examples/{NEEDED}_example.py")(units)
    known = _known(_project(units))
    assert known == {f"g0000_u{n}" for n in range(4, 10)}


def test_other_settings_are_looked_at(units: Folder) -> None:
    assert _known(_project(units, target_coverage="50")) == set()


def test_a_look_that_needs_earlier_bytes_is_not_kept(units: Folder) -> None:
    (units.root / KEPT).unlink()
    data = (units.root / f"examples/{NEEDED}_example.py").read_bytes()
    project = _project(units)
    project.world(project.units[0]).baselines.keep(data)
    _added(f"examples/{NEEDED}_example.py")(units)  # a comment: no other interface
    _keep(units)
    unit = project.unit(f"{UNIT}_python")
    assert unit is not None
    plan = _anew(project, unit)
    assert isinstance(plan, Plan)
    assert not plan.due
    assert not _known(_project(units)) & {f"g0000_u{n}" for n in range(4)}


def test_what_was_done_meanwhile_is_seen(units: Folder) -> None:
    project = _project(units)
    looks = _looks(project)
    unit = project.unit(f"{UNIT}_python")
    assert unit is not None
    looks.look(project.world(unit), unit)
    looks.act()
    _added(f"src/{UNIT}.py", "X = 1\n")(units)
    assert _look(project, looks, unit) == _anew(project, unit)


@pytest.mark.parametrize("name", [name for name in CHANGES if "looks" in name])
def test_looks_that_cannot_be_used_are_kept_anew(units: Folder, name: str) -> None:
    before = units.read(KEPT)
    CHANGES[name](units)
    _keep(units)
    assert units.read(KEPT) == before


def test_a_small_project_keeps_nothing(units: Folder) -> None:
    (units.root / KEPT).unlink()
    assert units.doit().code == 0
    assert not (units.root / KEPT).exists()


def test_a_sync_of_a_large_project_keeps_and_pending_does_not(tmp_path: Path) -> None:
    units = Folder.of_many(tmp_path / "units", MANY)
    before = units.files()
    said = units.doit("pending")
    assert (said.out, units.files()) == (f"{MANY} of {MANY} units in sync\n", before)
    assert units.doit().out == f"sync: {MANY} units in sync; nothing to do\n"
    assert units.files().keys() - before.keys() == {KEPT, ".pdd/.gitignore"}
    kept = units.files()
    assert units.doit("pending").out == f"{MANY} of {MANY} units in sync\n"
    assert units.doit().out == f"sync: {MANY} units in sync; nothing to do\n"
    assert units.files() == kept
    units.write(f"prompts/{UNIT}_python.prompt", "Another prompt.\n")
    assert {step for step, _ in units.pending()} >= {"auto-deps", "generate"}
