"""A sketch knows of every unit what discovering it finds, or there is none."""

from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest
from project import Project as Folder

from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.model.units import Units
from pdd_tasks.errors import ConfigError
from pdd_tasks.plugin.discover import discover_all
from pdd_tasks.plugin.edges import by_root
from pdd_tasks.plugin.few import few
from pdd_tasks.plugin.sketches import FewUnits, all_units, sketches


HERE = (".",)


def put(root: Path, *paths: str, text: str = "x\n") -> None:
    """Write files."""
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def settings(root: Path, text: str, name: str = ".pddrc") -> None:
    """Write a configuration."""
    put(root, name, text=text)


DEFAULTS = "contexts:\n  default:\n    defaults:\n      {}: {}\n"
PLAIN = {
    "none": (),
    "one": ("prompts/a_python.prompt",),
    "languages": (
        *("prompts/a_python.prompt", "prompts/a_go.prompt", "prompts/b_Cpp.prompt"),
        *("prompts/b_java.prompt", "prompts/c_typescript.prompt"),
    ),
    "folders": (
        *("prompts/back/end/a_python.prompt", "prompts/a_python.prompt"),
        *("src/__init__.py", "src/back/__init__.py", "tests/back/end/test_a_b.py"),
    ),
    "further tests": (
        *("prompts/foo_python.prompt", "prompts/foo_bar_python.prompt"),
        *("tests/test_foo_bar.py", "tests/test_foo_bar_more.py", "tests/test_foo_x.py"),
        *("tests/conftest.py", "tests/test_foo_dir.py/x"),
    ),
    "templates": ("prompts/a_python.prompt", "prompts/b_LLM.prompt"),
    "hidden": ("prompts/a_python.prompt", "prompts/.b/c_python.prompt"),
    "roots": (
        *("prompts/a_python.prompt", "inner/prompts/b_python.prompt"),
        *("inner/prompts/a_python.prompt.txt", "node_modules/x/prompts/c_go.prompt"),
    ),
}


def compare(root: Path) -> None:
    """Compare the answers of a sketch with those of all units."""
    known = sketches(root, HERE, {}, {})
    assert known is not None
    assert all_units(root, HERE, {}, {}) == discover_all(root, HERE, {}, {})
    every = by_root(discover_all(root, HERE, {}, {}))
    assert {one.label for one in known if one.names} == every.keys()
    for one in known:
        mine, whole = FewUnits.among((), one), every.get(one.label, Units())
        assert {name: mine.by_id[name] for name in one.names} == whole.by_id
        alike = {name: set(found) for name, found in mine.by_basename.items()}
        assert alike == {name: set(found) for name, found in whole.by_basename.items()}
        assert dict(mine.by_code) == whole.by_code
        assert dict(mine.by_file) == whole.by_file
        assert mine.endings == whole.endings
        assert set(mine.examples) == set(whole.examples)
        assert all(path in mine.examples for path in whole.examples)
        assert PurePosixPath("nothing") not in mine.examples


@pytest.mark.parametrize("files", PLAIN.values(), ids=PLAIN.keys())
def test_a_sketch_answers_as_all_units_do(
    tmp_path: Path, files: tuple[str, ...]
) -> None:
    put(tmp_path, *files)
    if (tmp_path / "inner").exists():
        settings(tmp_path, DEFAULTS.format("target_coverage", 50), "inner/.pddrc")
    compare(tmp_path)


@pytest.mark.parametrize(
    "key, value",
    [
        *(("generate_output_path", "lib"), ("generate_output_path", ".")),
        *(("test_output_path", "src"), ("example_output_path", "a/b/../c")),
        *(("prompts_dir", "asked"), ("target_coverage", "50")),
    ],
)
def test_a_sketch_follows_settings(tmp_path: Path, key: str, value: str) -> None:
    put(tmp_path, "prompts/a_python.prompt", "asked/x/b_python.prompt")
    settings(tmp_path, DEFAULTS.format(key, value))
    compare(tmp_path)


def _context(root: Path) -> None:
    settings(root, "contexts:\n  a:\n    paths: ['b*']\n    defaults: {budget: 1}\n")


def _shared(root: Path) -> None:
    put(root, "prompts/a_example_python.prompt")
    places = DEFAULTS.format("example_output_path", "src/../tests")
    settings(root, f"{places}      generate_output_path: tests\n")


def _linked(root: Path) -> None:
    (root / "src").symlink_to(root.parent)


ODD: dict[str, Callable[[Path], object]] = {
    "no language": lambda root: put(root, "prompts/b.prompt"),
    "odd name": lambda root: put(root, "prompts/b=c_python.prompt"),
    "dash": lambda root: put(root, "prompts/-b_python.prompt"),
    "no name": lambda root: put(root, "prompts/x/_python.prompt"),
    "name but for case": lambda root: put(root, "prompts/A_python.prompt"),
    "basename like an id": lambda root: put(root, "prompts/a_python_go.prompt"),
    "one file for two": _shared,
    "template": lambda root: settings(
        root, DEFAULTS.format("generate_output_path", "'src/{name}/{name}.py'")
    ),
    "contexts": _context,
    "link out": _linked,
    "order": lambda root: settings(root, DEFAULTS.format("language_order", "[nix]")),
}


@pytest.mark.parametrize("change", ODD.values(), ids=ODD.keys())
def test_what_is_not_plain_has_no_sketch(
    tmp_path: Path, change: Callable[[Path], object]
) -> None:
    root = tmp_path / "project"
    put(root, "prompts/a_python.prompt")
    compare(root)
    change(root)
    found = _told(lambda: sketches(root, HERE, {}, {}))
    assert found in {None, _told(lambda: discover_all(root, HERE, {}, {}))}


def _told(ask: Callable[[], object]) -> object:
    """Return what is answered, or what is refused."""
    try:
        return ask()
    except ConfigError as error:
        return str(error)


def ids(units: tuple[DevUnit, ...]) -> set[str]:
    """Return the ids of units."""
    return {str(unit.id) for unit in units}


def test_a_few_units_are_those_named_what_they_need_and_their_other_languages(
    tmp_path: Path,
) -> None:
    put(tmp_path, "prompts/a_python.prompt", text="As `b` and `c_go` do.\n")
    put(tmp_path, "prompts/b_python.prompt", text="As `d` does.\n")
    put(
        tmp_path, *(f"prompts/{n}.prompt" for n in ("c_go", "d_python", "d_go", "e_go"))
    )
    found = few(tmp_path, HERE, {}, {}, ["a"])
    assert found is not None
    assert ids(found.units) == {"a_python", "b_python", "c_go", "d_python", "d_go"}
    assert found.names == ("a_python",)
    assert found.needs["a_python"] == {"b_python", "c_go"}


@pytest.mark.parametrize("name", ["nothing", "a_go"])
def test_there_are_no_few_units_of_a_name_that_is_none(
    tmp_path: Path, name: str
) -> None:
    put(tmp_path, "prompts/a_python.prompt")
    assert few(tmp_path, HERE, {}, {}, ["a", name]) is None


def test_units_that_are_offered_others_are_not_a_few(tmp_path: Path) -> None:
    put(tmp_path, "prompts/a_python.prompt", "prompts/b_python.prompt")
    settings(tmp_path, DEFAULTS.format("auto_deps", "rules"))
    assert few(tmp_path, HERE, {}, {}, ["a"]) is None


def test_a_unit_that_is_named_is_seen_with_all_others_when_something_is_due(
    tmp_path: Path,
) -> None:
    units = Folder.of_many(tmp_path / "units", 10)
    said = units.doit("sync:g0000_u3")
    assert said.out == "sync: 4 units in sync; nothing to do\n"
    units.write("prompts/g0000_u0_python.prompt", "Another prompt.\n")
    assert "pending" in units.doit("list", "sync:g0000_u0").out


def test_pending_looks_at_what_is_named(tmp_path: Path) -> None:
    units = Folder.of_many(tmp_path / "units", 20)
    units.write("prompts/g0001_u0_python.prompt", "Do as `nobody` does.\n")
    for word in ("g0000_u3", "sync:g0000_u3_python", "g0000_u3:fix"):
        assert units.doit("pending", word).out == "1 of 1 units in sync\n"
    assert units.doit("pending", "--exit-code", "g0001_u0").code == 1
    said = units.doit("pending", "g0000_u3", "g0001_u3").out
    assert said == "2 of 2 units in sync\n"
    assert units.doit("pending", "--all-affected", "g0001_u0").out.endswith(
        "9 of 10 units in sync\n"
    )
    assert "no unit is called" in units.doit("pending", "nothing").err
