"""Profiles by name: on the command line, in the environment, in ``.pddrc``."""

import pytest
from project import Project
from surface import kinds, live, server_of, steps, unit_project
from terminal import Terminal

from pdd_tasks.core.model.profile import OnFailure, Part
from pdd_tasks.core.model.settings import Strictness
from pdd_tasks.core.model.step import Step
from pdd_tasks.errors import ConfigError
from pdd_tasks.plugin.config import load_configuration


OWN = """\
profiles:
  nightly:
    extends: careful
    steps:
      verify: {on_failure: warn, attempts: 7}
    defaults: {stability_runs: 9}
  careful:
    extends: thorough
    steps:
      generate: {confirm: true}
      update: {include: false}
"""


def resolved(folder, text, variables=None, environment=None):
    (folder / ".pddrc").write_text(text, encoding="utf-8")
    label = type(folder)()
    found = load_configuration(folder, label, variables or {}, environment or {})
    return found.resolve(found.context("prompts/a_python.prompt"))


def test_the_standard_profile_is_the_default(tmp_path):
    settings = resolved(tmp_path, "").settings
    assert settings.profile.name == "standard"
    assert settings.stability_runs == 3


def test_a_profile_gives_settings_that_nobody_else_gave(tmp_path):
    found = resolved(tmp_path, "", {"profile": "thorough", "coverage": "advisory"})
    assert found.settings.verify is Strictness.REQUIRED
    assert found.settings.coverage is Strictness.ADVISORY
    assert str(found.source("verify")) == "the profile thorough"


def test_a_profile_of_ones_own_extends_another(tmp_path):
    settings = resolved(tmp_path, OWN, {}, {"PDD_PROFILE": "nightly"}).settings
    profile = settings.profile
    assert profile.part(Step.VERIFY) == Part(on_failure=OnFailure.WARN, attempts=7)
    assert profile.part(Step.GENERATE).confirm
    assert profile.part(Step.FIX).attempts == 5
    assert profile.left_out == {Step.UPDATE}
    assert settings.stability_runs == 9
    assert settings.verify is Strictness.REQUIRED


def test_attempts_asked_for_on_the_command_line_are_a_limit(tmp_path):
    given = {"profile": "thorough", "max_attempts": "1"}
    settings = resolved(tmp_path, "", given).settings
    assert settings.max_attempts == 1
    assert settings.profile.part(Step.FIX).attempts is None


@pytest.mark.parametrize(
    "text, said",
    [
        pytest.param("profiles: [1]", "1: profiles is a list", id="list"),
        pytest.param("profiles: {a: 1}", "1: a is 1, expected a mapping", id="number"),
        pytest.param(
            "profiles:\n  a:\n    extend: quick",
            "3: unknown key 'extend'; the nearest is 'extends'",
            id="key",
        ),
        pytest.param(
            "profiles:\n  a: {extends: quik}",
            "2: there is no profile 'quik'; the nearest is 'quick'",
            id="unknown base",
        ),
        pytest.param(
            "profiles:\n  a: {extends: zzzz}", "2: there is no profile 'zzzz'", id="far"
        ),
        pytest.param(
            "profiles:\n  a: {extends: [quick]}",
            "2: extends is a list, expected the name of a profile",
            id="base list",
        ),
        pytest.param(
            "profiles:\n  a: {extends: b}\n  b: {extends: a}",
            "profiles extend each other in a circle: a -> b -> a",
            id="circle",
        ),
        pytest.param(
            "profiles:\n  safe: {}", "2: the profile safe is built in", id="built in"
        ),
        pytest.param(
            "profiles:\n  a:\n    steps: {verfy: {include: false}}",
            "3: unknown key 'verfy'; the nearest is 'verify'",
            id="step",
        ),
        pytest.param("profiles: {a: {steps: 1}}", "steps is 1", id="steps"),
        pytest.param(
            "profiles: {a: {steps: {fix: no}}}", "fix is no, expected", id="part"
        ),
        pytest.param(
            "profiles:\n  a:\n    steps:\n      fix: {attempt: 1}",
            "4: unknown key 'attempt'; the nearest is 'attempts'",
            id="part key",
        ),
        pytest.param(
            "profiles: {a: {steps: {fix: {attempts: 0}}}}",
            "attempts is 0, expected a whole number from 1",
            id="attempts",
        ),
        pytest.param(
            "profiles: {a: {steps: {fix: {on_failure: stop}}}}",
            "on_failure is 'stop', expected fail or warn or skip",
            id="on_failure",
        ),
        pytest.param(
            "profiles: {a: {defaults: {profile: quick}}}",
            "profile cannot be set by a profile",
            id="profile of a profile",
        ),
        pytest.param(
            "profiles: {a: {defaults: {prompts_dir: x}}}",
            "prompts_dir cannot be set by a profile",
            id="place",
        ),
        pytest.param(
            'contexts: {default: {defaults: {"yes": true}}}',
            "yes is for one run only",
            id="yes in a file",
        ),
        pytest.param(
            "contexts: {default: {defaults: {resume_from: test}}}",
            "resume_from is for one run only",
            id="resume in a file",
        ),
    ],
)
def test_a_broken_profile_is_refused_with_its_place(tmp_path, text, said):
    with pytest.raises(ConfigError) as refused:
        resolved(tmp_path, text)
    assert said in refused.value.message
    assert refused.value.message.startswith(".pddrc:")
    assert refused.value.hint


def test_an_unknown_profile_names_the_nearest_and_who_asked(tmp_path):
    with pytest.raises(ConfigError) as refused:
        resolved(tmp_path, OWN, {"profile": "nightli"})
    assert "profile=nightli on the command line" in refused.value.message
    assert refused.value.hint == "write nightly"


def test_quick_leaves_out_what_the_example_has_recorded_and_rests(tmp_path):
    project = Project.of_example("calculator", tmp_path)

    first = project.doit("sync:calculator", "profile=quick")
    again = project.doit("sync:calculator", PDD_PROFILE="quick")
    later = project.pending("sync:calculator")

    assert (first.code, steps(first)) == (
        0,
        ["auto-deps", "generate", "example", "crash"],
    )
    assert (again.code, steps(again)) == (0, [])
    assert again.out.startswith("the profile quick leaves out: verify, test, fix\n")
    assert later == [("verify", "judge"), ("test", "add tests")]


def test_pending_takes_the_profile_as_an_option(tmp_path):
    project = unit_project(tmp_path, "calculator")

    said = project.doit("pending", "--profile", "quick")

    assert said.code == 0, said.text
    assert "may follow: update, example, crash\n" in said.out


def test_a_question_that_nobody_can_answer_is_refused(tmp_path):
    project = Project.of_example("calculator", tmp_path)

    said = project.doit("sync:calculator", "profile=safe")

    assert said.code == 3, said.text
    assert "calculator_python generate: there is no code: this wants a yes" in said.out
    assert "yes=1" in said.out
    assert not (project.root / "src").exists()


@pytest.mark.slow
def test_a_yes_in_advance_goes_through(tmp_path):
    project = Project.of_example("calculator", tmp_path)

    said = project.doit("sync:calculator", "profile=safe", "yes=1")

    assert said.code == 0, said.text
    assert steps(said)[-1] == "test"


def test_a_person_on_the_terminal_says_yes_to_all_or_no(tmp_path):
    project = Project.of_example("calculator", tmp_path)
    words = ["doit", "sync:calculator_python:example", "profile=safe"]

    refusing = Terminal(project.root, words, {})
    refusing.waits_for("yes to [a]ll: ")
    refusing.types("\n")
    assert refusing.ends() == 3
    refusing.close()
    assert "you said no; nothing was done" in refusing.text

    agreeing = Terminal(project.root, words, {})
    agreeing.waits_for("yes to [a]ll: ")
    agreeing.types("y\n")
    agreeing.waits_for("yes to [a]ll: ")
    agreeing.types("a\n")
    assert agreeing.ends() == 0
    agreeing.close()
    assert agreeing.text.count("yes to [a]ll: ") == 2


def test_a_run_that_resumes_says_what_it_leaves(synced):
    prompt = "prompts/calculator_python.prompt"
    synced.write(prompt, synced.read(prompt) + "\nIt is quick.\n")
    synced.doit("forget", "sync:calculator_python:verify")

    said = synced.doit("sync:calculator", "resume_from=test")

    assert said.code == 0, said.text
    assert said.out.splitlines()[0] == (
        "calculator_python resumes from test; left as they stand: auto-deps, generate,"
        " verify"
    )
    assert steps(said) == []


def test_a_run_that_cannot_resume_is_refused(synced):
    (synced.root / "src/calculator.py").unlink()

    said = synced.doit("sync:calculator", "resume_from=test")

    assert said.code == 3, said.text
    assert "test needs the code, and src/calculator.py does not exist" in said.out


@pytest.mark.slow
def test_threads_ask_one_after_the_other(tmp_path):
    project = unit_project(tmp_path, "calculator", "counter")

    with server_of() as server:
        words = ["run", "-n", "2", "-P", "thread", "sync:*:generate", "profile=safe"]
        asking = Terminal(
            project.root,
            ["doit", *live(server, *words)],
            {"OPENAI_API_KEY": "sk-x"},
        )
        asking.waits_for("yes to [a]ll: ")
        asking.types("a\n")
        code = asking.ends()
        asking.close()

    assert code == 0, asking.text
    assert asking.text.count("yes to [a]ll: ") == 1
    assert kinds(server) == ["generate", "generate"]
