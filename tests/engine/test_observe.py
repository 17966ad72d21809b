from dataclasses import replace

import pytest
from calculator_texts import CODE, EXAMPLE, PROMPT, TESTS, C, E, P, T
from memory_project import Project, synced, unit

from pdd_tasks.adapters.python.syntax import PythonSyntax
from pdd_tasks.core.model.artifact import Artifact, Digest, text_digest
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.plan.change import Aspect, State
from pdd_tasks.engine.comparison import same_aspect
from pdd_tasks.engine.observe import observe, plan_unit
from pdd_tasks.engine.view import View
from pdd_tasks.errors import ConfigError, StateError


ALL = {P: PROMPT, C: CODE, E: EXAMPLE, T: TESTS}
DOC = "docs/money.md"


def _view(project: Project) -> View:
    return observe(project.world(), project.unit)


def test_looking_reads_every_file_once_and_writes_nothing():
    project = Project(ALL)
    before = dict(project.disk)
    view = _view(project)
    assert project.disk == before
    assert {str(path) for path in view.seen} == {P, C, E, T}
    assert view.snapshot.contents == project.disk
    assert project.publisher.published == []
    assert project.locks.taken == 0


def test_a_view_gives_text_digests_and_contents_of_an_artifact():
    view = _view(Project({P: PROMPT, C: CODE}))
    assert view.text(Artifact.CODE) == CODE
    assert view.text(Artifact.TESTS) == ""
    assert view.digests(Artifact.CODE) == {C: Digest.of(CODE.encode())}
    assert view.contents(Artifact.EXAMPLE) == {}


def test_without_a_fingerprint_a_view_is_fresh():
    assert _view(Project(ALL)).fresh
    assert not _view(synced()).fresh


def test_a_unit_can_be_seen_as_it_would_stand():
    project = synced()
    path = project.unit.code[0]
    view = observe(project.world(), project.unit, {path: b"x = 1\n"})
    assert view.facts.code is State.EDITED
    gone = observe(project.world(), project.unit, {path: None})
    assert gone.facts.code is State.ABSENT
    assert _view(project).facts.code is State.RECORDED


def test_triggers_name_what_each_step_depends_on():
    triggers = _view(Project(ALL)).triggers
    files = {path: str(Digest.of(ALL[path].encode())) for path in ALL}
    prompt = {P: text_digest(PROMPT)}
    assert triggers[Step.AUTO_DEPS] == triggers[Step.GENERATE] == prompt
    assert triggers[Step.UPDATE] == {**prompt, C: files[C]}
    assert triggers[Step.EXAMPLE] == {C: files[C]}
    assert triggers[Step.VERIFY] == {**prompt, C: files[C], E: files[E]}
    assert triggers[Step.TEST] == {C: files[C], T: files[T], "target coverage": "90"}
    settings = {"example settings", "test settings"}
    assert triggers[Step.CRASH].keys() == {P, C, E, T, *settings}
    assert triggers[Step.FIX].keys() == {P, C, T, "test settings"}


def test_what_is_included_is_a_trigger_by_the_part_that_is_taken():
    prompt = PROMPT + f'\n<include path="{DOC}" select="lines:2-2"/>\n'
    project = Project({P: prompt, DOC: "one\ntwo\nthree\n"})
    triggers = _view(project).triggers[Step.GENERATE]
    assert triggers[f"{DOC}#lines:2-2"] == text_digest("two\n")
    project.edit(DOC, "three", "four")
    assert _view(project).triggers[Step.GENERATE] == triggers


def test_an_example_that_is_still_to_be_written_may_be_included():
    other = unit("money")
    prompt = PROMPT + f"\n<include>{other.example}</include>\n"
    view = _view(Project({P: prompt}, others=(other,)))
    assert view.expansion.absent == (other.example,)
    assert view.triggers[Step.GENERATE][str(other.example)] == text_digest("")


@pytest.mark.parametrize(
    "files, because",
    [
        pytest.param({C: CODE}, f"{P} does not exist", id="no prompt"),
        pytest.param({P: " \n", C: CODE}, f"{P} is empty", id="an empty prompt"),
        pytest.param(
            {P: PROMPT + "<include>docs/no.md</include>\n"},
            "no.md does not",
            id="include",
        ),
        pytest.param(
            {P: PROMPT + f"<include>{C}</include>\n", C: CODE},
            "made from this prompt",
            id="its own code",
        ),
    ],
)
def test_a_unit_that_cannot_be_looked_at_is_refused(files, because):
    with pytest.raises(ConfigError, match=because):
        _view(Project(files))


def test_a_prompt_that_is_no_text_is_refused_with_its_line():
    project = Project(ALL)
    project.disk[project.unit.prompt] = b"Write it.\nCaf\xe9.\n"
    with pytest.raises(ConfigError, match=f"{P}:2: not UTF-8") as caught:
        _view(project)
    assert caught.value.hint == "save the prompt as UTF-8"


def test_code_that_is_no_text_is_still_looked_at():
    project = synced()
    project.disk[project.unit.code[0]] = b"\xff\xfe"
    assert _view(project).facts.code is State.EDITED


def test_a_broken_fingerprint_is_refused_not_ignored():
    project = synced()
    project.write(".pdd/meta/calculator_python.json", "{")
    with pytest.raises(StateError):
        _view(project)


@pytest.mark.parametrize(
    "syntax, named",
    [
        pytest.param("cobol", "cobol", id="an unknown one"),
        pytest.param("", "none", id="none"),
    ],
)
def test_a_language_that_is_not_read_is_refused(syntax, named):
    project = Project(ALL)
    language = replace(project.unit.language, syntax=syntax)
    project.unit = replace(project.unit, language=language)
    with pytest.raises(ConfigError, match=f"languages.yaml names {named}") as caught:
        _view(project)
    assert "python" in caught.value.hint


@pytest.mark.parametrize(
    "before, now, aspect, same",
    [
        pytest.param("x=1", "x = 1  # one", Aspect.BEHAVIOUR, True, id="layout"),
        pytest.param("x = 1", "x = 2", Aspect.BEHAVIOUR, False, id="a value"),
        pytest.param(
            "def f(a): return 1",
            "def f(a): return 2",
            Aspect.INTERFACE,
            True,
            id="a body",
        ),
        pytest.param(
            "def f(a): pass",
            "def f(b): pass",
            Aspect.INTERFACE,
            False,
            id="a signature",
        ),
        pytest.param("x = (", "x = (", Aspect.BEHAVIOUR, False, id="neither parses"),
        pytest.param("x = 1", "x = (", Aspect.INTERFACE, False, id="one does not"),
    ],
)
def test_texts_agree_in_an_aspect(before, now, aspect, same):
    assert same_aspect(PythonSyntax(), before, now, aspect) is same


def test_a_plan_takes_no_lock_and_writes_nothing():
    project = Project({P: PROMPT})
    assert plan_unit(project.world(), project.unit).due
    assert project.locks.taken == 0
    assert project.disk.keys() == {project.unit.prompt}
