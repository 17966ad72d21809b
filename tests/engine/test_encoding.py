from pathlib import PurePosixPath

import pytest
from calculator_texts import EXAMPLE, E, T
from memory_project import Project, synced

from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.errors import ConfigError, ModelError


LATIN = b"# -*- coding: latin-1 -*-\n# caf\xe9\n"


def with_latin(project: Project, path: str) -> Project:
    """Let a file of a project be in another encoding, which is fine for Python."""
    file = PurePosixPath(path)
    project.disk[file] = LATIN + project.disk[file]
    return project


def shown(project: Project) -> None:
    """Do what comes before an edited example is shown to a model."""
    for step in (Step.EXAMPLE, Step.CRASH):
        project.perform(step)


def test_nobody_is_asked_about_a_file_that_is_not_utf_8():
    project = with_latin(synced(), E)
    shown(project)
    with pytest.raises(ConfigError, match=f"{E}:2: not UTF-8 text; no model") as caught:
        project.perform(Step.VERIFY)
    assert "save it as UTF-8" in caught.value.hint
    assert project.disk[PurePosixPath(E)].startswith(LATIN)


def test_tests_that_are_only_run_may_have_any_encoding():
    project = with_latin(synced(), T)
    assert project.perform(Step.TEST)[0] is Operation.RUN_TESTS


def test_a_sign_for_lost_bytes_that_a_person_wrote_is_text():
    project = synced()
    project.write(E, EXAMPLE + "print('\ufffd')\n")
    shown(project)
    with pytest.raises(ModelError, match="no reply is written for verify"):
        project.perform(Step.VERIFY)
