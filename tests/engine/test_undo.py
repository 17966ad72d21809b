from pathlib import PurePosixPath

from calculator_texts import CODE, PROMPT, C, P
from memory_project import Project, synced

from pdd_tasks.core.model.publication import Recovery
from pdd_tasks.core.model.step import Operation
from pdd_tasks.engine.undo import differences, restore
from pdd_tasks.errors import Saved


MINE = f"{CODE}\n# mine\n"


def kept(project: Project, text: str, *more: str) -> None:
    paths = (project.unit.code[0], project.unit.prompt)
    texts = (text, *more)
    files = {path: one.encode() for path, one in zip(paths, texts, strict=False)}
    project.safety.copy(project.unit.id, files, "a test")


def last(project: Project):
    return project.safety.listed(project.unit.id)[0]


def test_what_was_replaced_is_put_back_and_what_stood_is_kept():
    project = synced()
    kept(project, MINE)
    before = project.locks.taken

    done = restore(project.world(), last(project))

    assert project.read(C) == MINE
    assert [str(path) for path in done.files] == [C]
    assert done.kept
    assert project.safety.copies[project.unit.code[0]].decode() == CODE
    assert project.locks.taken == before + 1


def test_undoing_is_undone_by_undoing_the_last():
    project = synced()
    kept(project, MINE)
    restore(project.world(), last(project))
    restore(project.world(), last(project))
    assert project.read(C) == CODE
    restore(project.world(), last(project))
    assert project.read(C) == MINE


def test_only_the_files_of_the_copy_are_written_in_one_transaction():
    project = synced()
    kept(project, MINE, f"{PROMPT}\nMore.\n")
    before = dict(project.disk)
    restore(project.world(), last(project))
    assert [len(paths) for paths in project.publisher.published] == [2]
    changed = {str(p) for p in project.disk if project.disk[p] != before.get(p)}
    assert changed == {C, P}


def test_a_file_that_stands_as_in_the_copy_is_left_alone():
    project = synced()
    kept(project, CODE)
    assert differences(project.world(), last(project)) == ()
    done = restore(project.world(), last(project))
    assert (done.files, done.kept) == ((), "")
    assert len(project.safety.listed()) == 1


def test_a_file_that_is_gone_comes_back():
    project = synced()
    kept(project, MINE)
    project.delete(C)
    done = restore(project.world(), last(project))
    assert project.read(C) == MINE
    assert done.kept == ""


def test_what_is_put_back_counts_as_an_edit():
    project = synced()
    kept(project, MINE)
    restore(project.world(), last(project))
    assert project.due()
    assert Operation.GENERATE not in project.due().values()
    project.sync()
    assert project.read(C) == MINE


def test_what_an_earlier_run_left_open_is_recovered_first():
    project = synced()
    kept(project, MINE)
    prompt = project.unit.prompt
    project.publisher.left_open = (
        Recovery(
            transaction="calculator_python.1",
            completed=True,
            saved=(Saved(path=prompt, old=None, ours="", parked=PurePosixPath("a")),),
        ),
    )
    project.locks.owner = "process 7"
    restore(project.world(), last(project))
    assert project.said == [
        "calculator_python: waits for process 7",
        "calculator_python: completed the step that an earlier run left open",
        "calculator_python: a file was edited meanwhile; ours is at a",
    ]
