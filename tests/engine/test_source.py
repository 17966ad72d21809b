"""Units whose code is several files, here a module and its header of constants."""

from dataclasses import replace
from pathlib import PurePosixPath

import pytest
from calculator_texts import (
    CODE,
    EXAMPLE,
    PROMPT,
    TESTS,
    C,
    E,
    P,
    T,
    fenced,
    judged,
    named,
)
from memory_project import PYTHON, Project, unit

from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.engine.outcome import Outcome
from pdd_tasks.engine.resolution import open_conflict, resolve
from pdd_tasks.errors import ConflictError, StepError


H = "src/calculator.pyi"
HEADER = "def add(a, b): ...\ndef sub(a, b): ...\n"
MUL = CODE + "\n\ndef mul(a, b):\n    return a * b\n"
MUL_HEADER = HEADER + "def mul(a, b): ...\n"
TWO = replace(PYTHON, extensions=("py", "pyi"), header="pyi")


def of(*files):
    return "\n".join(named(path, text) for path, text in files)


BOTH = of((C, CODE), (H, HEADER))


def pair(files=None, **replies):
    two = unit(code=(PurePosixPath(C), PurePosixPath(H)), language=TWO)
    usual = {
        "generate": [BOTH],
        "example": [fenced(EXAMPLE)],
        "verify": [judged()],
        "test": [fenced(TESTS)],
    }
    return Project({P: PROMPT, **(files or {})}, usual | replies, of=two)


@pytest.fixture
def made():
    project = pair()
    project.sync()
    return project


def test_all_files_of_a_unit_come_from_one_reply(made):
    assert made.read(C) == CODE
    assert made.read(H) == HEADER
    assert made.due() == {}


def test_the_request_names_every_file():
    project = pair()
    project.perform(Step.GENERATE)
    assert f"`{C}`, `{H}`" in project.request()


@pytest.mark.parametrize(
    "reply, because",
    [
        pytest.param(of((C, CODE)), f"lacks {H}", id="one is missing"),
        pytest.param(BOTH + of(("src/x.py", CODE)), "not asked for", id="unknown"),
        pytest.param(fenced(CODE) + fenced(HEADER), "File: PATH", id="no names"),
        pytest.param(BOTH + of((H, HEADER)), "twice", id="one twice"),
        pytest.param(of((C, CODE), (H, "def add(:\n")), H, id="one does not parse"),
    ],
)
def test_a_reply_that_is_not_exactly_its_files_is_refused(reply, because):
    project = pair(generate=[reply, BOTH])
    project.perform(Step.GENERATE)
    assert because in project.model.rejected[0]
    assert project.read(H) == HEADER


@pytest.mark.parametrize("path", [C, H])
def test_deleting_one_file_makes_the_unit_anew(made, path):
    made.delete(path)
    assert made.due()[Step.GENERATE] is Operation.GENERATE
    made.reply("generate", BOTH)
    made.sync()
    assert (made.read(C), made.read(H)) == (CODE, HEADER)


def test_a_source_that_stands_alone_is_copied_before_it_is_replaced():
    mine = CODE + "\nMINE = 1\n"
    project = pair({C: mine})
    project.perform(Step.GENERATE)
    copies = project.safety.listed(project.unit.id)
    kept = [project.safety.read(copy)[PurePosixPath(C)] for copy in copies]
    assert kept == [mine.encode()]


def test_only_the_header_says_the_interface(made):
    made.edit(P, "their difference", "their whole difference")
    made.reply("generate", of((C, MUL), (H, HEADER)))
    made.perform(Step.GENERATE)
    assert Step.EXAMPLE not in made.due()


def test_a_changed_header_asks_for_a_new_example(made):
    made.edit(P, "their difference", "their difference and product")
    made.reply("generate", of((C, MUL), (H, MUL_HEADER)))
    made.perform(Step.GENERATE)
    assert Step.EXAMPLE in made.due()


def test_an_edit_of_one_file_is_merged_with_what_is_generated_for_all(made):
    mine = CODE.replace("def sub(", "# mine\ndef sub(")
    made.write(C, mine)
    made.edit(P, "their difference", "their difference and product")
    made.reply("generate", of((C, MUL), (H, MUL_HEADER)))
    made.reply("example", fenced(EXAMPLE))
    made.perform(Step.GENERATE)
    assert "# mine" in made.read(C)
    assert "def mul" in made.read(C)
    assert made.read(H) == MUL_HEADER


def test_an_edit_beside_a_deleted_file_is_no_reason_to_replace_it(made):
    mine = CODE.replace("def sub(", "# mine\ndef sub(")
    made.write(C, mine)
    made.delete(H)
    made.edit(P, "their difference", "their difference and product")
    made.reply("generate", of((C, MUL), (H, MUL_HEADER)))
    made.perform(Step.GENERATE)
    assert "# mine" in made.read(C)
    assert made.read(H) == MUL_HEADER


def opened(project):
    return open_conflict(project.world(), project.unit)


def chosen(project, conflict, text):
    outcome = Outcome(unit=project.unit, step=Step.GENERATE)
    resolve(project.world(), conflict, text, outcome)


def test_files_that_do_not_merge_wait_until_each_is_chosen(made):
    made.edit(C, "return a - b", "return a - b - 0")
    made.edit(H, "def sub(a, b)", "def sub(x, y)")
    made.edit(P, "their difference", "their whole difference")
    other = HEADER.replace("def sub(a, b)", "def sub(one, two)")
    made.reply("generate", of((C, CODE.replace("a - b", "int(a - b)")), (H, other)))
    with pytest.raises(ConflictError):
        made.perform(Step.GENERATE)
    first = opened(made)
    assert first.sides.path == PurePosixPath(C)
    chosen(made, first, first.sides.mine)
    second = opened(made)
    assert second.sides.path == PurePosixPath(H)
    chosen(made, second, second.sides.generated)
    assert opened(made) is None
    assert "a - b - 0" in made.read(C)
    assert made.read(H) == other
    assert Step.GENERATE not in made.due()


def test_failing_tests_are_mended_in_all_files(made):
    made.write(T, TESTS + "\n\ndef test_mul():\n    assert calculator.mul(2, 3) == 6\n")
    if "import calculator\n" not in made.read(T):
        made.edit(T, "from calculator", "import calculator\nfrom calculator")
    made.reply("fix", of((C, MUL), (H, MUL_HEADER)))
    made.reply("example", fenced(EXAMPLE))
    made.reply("verify", judged())
    made.sync()
    assert "def mul" in made.read(H)


def test_a_repair_that_names_no_file_of_the_unit_is_refused(made):
    made.write(E, "raise ValueError('wrong')\n")
    made.reply("crash", *[named("src/other.py", CODE)] * 9)
    with pytest.raises(StepError):
        made.sync()
