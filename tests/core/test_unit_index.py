"""Units of a state root, and what is asked of them often."""

from pathlib import PurePosixPath

from memory_project import unit

from pdd_tasks.core.model.units import Units


def test_units_of_other_roots_are_left_out():
    assert Units.of((unit("a"),), PurePosixPath("elsewhere")) == ()


def test_units_are_not_gathered_again():
    units = Units((unit("a"),))
    assert Units.of(units, PurePosixPath()) is units


def test_units_are_found_by_name_and_by_file():
    one, two = unit("a"), unit("b")
    units = Units((one, two))
    assert units.by_id["a_python"] == (one,)
    assert units.by_basename["b"] == (two,)
    assert units.by_code[str(one.code[0])] == (one,)
    assert units.by_file[two.example] == (two,)
    assert units.by_file[one.test] == (one,)
    assert units.examples == {one.example, two.example}
    assert units.endings == {".py"}
