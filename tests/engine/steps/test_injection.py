import pytest
from calculator_texts import CODE, EXAMPLE, PROMPT, TESTS, C, E, P, T, judged, usual
from memory_project import Project, unit

from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.errors import ConfigError


MONEY = unit("money")
USES = PROMPT + "\nIt uses `money`.\n"
BLOCK = """
<pdd>auto-deps begin</pdd>
<include>examples/money_example.py</include>
<pdd>auto-deps end</pdd>
"""
SHOWN = "examples/money_example.py"


def _project(prompt: str = USES) -> Project:
    project = Project({P: prompt, SHOWN: "print(1)\n"}, usual(), others=(MONEY,))
    project.reply("verify", judged(prompt))
    return project


def test_the_example_of_a_unit_it_names_is_included():
    project = _project()
    assert project.perform(Step.AUTO_DEPS) == [Operation.INJECT_DEPS]
    assert project.read(P) == USES + BLOCK
    assert project.notes == [f"wrote the block of {P}"]
    assert project.asked == []


def test_a_prompt_that_needs_nothing_is_not_touched():
    project = _project(PROMPT)
    assert project.perform(Step.AUTO_DEPS) == [Operation.INJECT_DEPS]
    assert project.read(P) == PROMPT
    assert project.notes == []
    assert project.perform(Step.AUTO_DEPS) == []


def test_the_block_goes_with_what_it_was_for():
    project = _project()
    project.perform(Step.AUTO_DEPS)
    project.edit(P, "\nIt uses `money`.\n", "")
    project.perform(Step.AUTO_DEPS)
    assert project.read(P) == PROMPT


def test_a_block_that_a_person_took_out_is_written_again():
    project = _project()
    project.perform(Step.AUTO_DEPS)
    project.write(P, USES)
    assert project.perform(Step.AUTO_DEPS) == [Operation.INJECT_DEPS]
    assert project.read(P) == USES + BLOCK


def test_it_is_done_again_if_it_was_forgotten():
    project = _project()
    project.perform(Step.AUTO_DEPS)
    project.forget(Step.AUTO_DEPS)
    assert project.perform(Step.AUTO_DEPS) == [Operation.INJECT_DEPS]
    assert project.perform(Step.AUTO_DEPS) == []


def test_what_is_included_is_part_of_the_request():
    project = _project()
    for step in (Step.AUTO_DEPS, Step.GENERATE):
        project.perform(step)
    assert f'<file path="{SHOWN}">\nprint(1)\n</file>' in project.request()


def test_another_interface_there_makes_the_code_stale():
    project = _project()
    project.sync()
    project.write(SHOWN, "def shown():\n    print(1)\n\n\nshown()\n")
    assert project.due()[Step.GENERATE] is Operation.GENERATE


def test_a_declared_unit_that_is_none_is_refused():
    project = _project(PROMPT + "<pdd-dependency>monye</pdd-dependency>\n")
    with pytest.raises(ConfigError, match="nearest is money"):
        project.perform(Step.AUTO_DEPS)


def test_an_adopted_unit_gets_its_block_along_with_it():
    project = _project()
    project.write(C, CODE)
    assert project.perform(Step.AUTO_DEPS) == [Operation.ADOPT]
    assert project.read(P) == USES + BLOCK
    assert project.notes[-1] == f"wrote the block of {P}"


def test_a_block_written_while_adopting_asks_and_buys_nothing():
    project = _project()
    for path, text in ((C, CODE), (E, EXAMPLE), (T, TESTS)):
        project.write(path, text)
    assert project.sync() == [
        Operation.ADOPT,
        Operation.RUN_EXAMPLE,
        Operation.RUN_TESTS,
    ]
    assert project.asked == []
