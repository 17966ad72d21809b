from pathlib import PurePosixPath

import pytest

from pdd_tasks.core.model.settings import (
    ModelSettings,
    Price,
    Replies,
    Settings,
    Strictness,
)
from pdd_tasks.errors import ConfigError
from pdd_tasks.plugin.config import Places, load_configuration
from pdd_tasks.plugin.setting import IGNORED, KEYS


LABEL = PurePosixPath("examples/x")


@pytest.fixture
def configured(tmp_path):
    def load(text=None, variables=None, environment=None):
        if text is not None:
            (tmp_path / ".pddrc").write_text(text)
        return load_configuration(tmp_path, LABEL, variables or {}, environment or {})

    return load


@pytest.fixture
def resolved(configured):
    def load(text=None, variables=None, environment=None):
        configuration = configured(text, variables, environment)
        return configuration.resolve(configuration.context())

    return load


def defaults(line):
    return f"contexts:\n  default:\n    defaults:\n      {line}\n"


def refused(call, *arguments):
    with pytest.raises(ConfigError) as caught:
        call(*arguments)
    assert caught.value.hint
    return caught.value.message


def test_nothing_given_means_the_defaults(resolved):
    found = resolved()
    assert found.settings == Settings()
    assert found.places == Places()
    assert {str(found.source(key)) for key in KEYS} == {"default"}


def test_every_setting_can_be_given_in_pddrc(resolved):
    text = """version: "1.0"
contexts:
  default:
    paths: ["**"]
    defaults:
      generate_output_path: lib/
      example_output_path: context
      test_output_path: "{category}/tests/"
      prompts_dir: pdd/prompts/
      default_language: python
      context_files: [docs/**/*.md]
      target_coverage: 80
      coverage: required
      verify: required
      max_attempts: 5
      stability_runs: 2
      run_timeout: 1.5
      test_timeout: 30
      output_limit: 5000
      interpreter: .venv/bin/python
      environment: [HOME_DIR]
      budget: 0.1
      max_calls: 7
      force: true
      accept_updates: true
      output_cost: cost.csv
      model: openai/gpt
      endpoint: mine
      api_base: http://localhost:1
      temperature: null
      max_tokens: 100
      model_timeout: 9
      retries: 0
      replies: record
      label: live
      prices: {openai/gpt: {input: 1.25, output: 10}}
"""
    found = resolved(text)
    assert found.settings == Settings(
        target_coverage=80.0,
        coverage=Strictness.REQUIRED,
        verify=Strictness.REQUIRED,
        max_attempts=5,
        stability_runs=2,
        run_timeout_s=1.5,
        test_timeout_s=30.0,
        output_limit_bytes=5000,
        interpreter=".venv/bin/python",
        environment=("HOME_DIR",),
        budget=100_000,
        max_calls=7,
        force=True,
        accept_updates=True,
        output_cost="cost.csv",
        context_files=("docs/**/*.md",),
        model=ModelSettings(
            model="openai/gpt",
            endpoint="mine",
            api_base="http://localhost:1",
            temperature=None,
            max_tokens=100,
            timeout_s=9.0,
            retries=0,
            replies=Replies.RECORD,
            label="live",
            prices={"openai/gpt": Price(input=1_250_000, output=10_000_000)},
        ),
    )
    assert found.places == Places(
        code="lib/",
        example="context",
        test="{category}/tests/",
        prompts_dir="pdd/prompts",
        default_language="python",
    )
    assert str(found.source("budget")) == "examples/x/.pddrc:22"
    assert {key: found.value(key) for key in ("budget", "model", "prompts_dir")} == {
        "budget": 100_000,
        "model": "openai/gpt",
        "prompts_dir": "pdd/prompts",
    }


@pytest.mark.parametrize(
    "value, found",
    [
        pytest.param("[ruff, format, '-']", ("ruff", "format", "-"), id="arguments"),
        pytest.param("[]", (), id="none at all"),
    ],
)
def test_a_formatter_is_a_list_of_arguments(resolved, value, found):
    assert resolved(defaults(f"format: {value}")).settings.format == found


def test_a_formatter_is_one_text_outside_of_a_file(resolved):
    text = "black -q --line-length '100' -"
    found = resolved("", {}, {"PDD_FORMAT": text}).settings.format
    assert found == ("black", "-q", "--line-length", "100", "-")
    assert resolved("").settings.format is None


@pytest.mark.parametrize(
    "value", ["black -", "[black, 1]", "['']", '["a\\0b"]', "{a: b}"]
)
def test_what_is_no_list_of_arguments_is_no_formatter(resolved, value):
    with pytest.raises(ConfigError, match="expected a list of arguments"):
        resolved(defaults(f"format: {value}"))


def test_the_order_of_sources_holds(resolved):
    text = defaults("budget: 2")
    environment = {"PDD_BUDGET": "3", "PDD_MAX_ATTEMPTS": "4"}
    command = resolved(text, {"budget": "1"}, environment)
    context = resolved(text, {}, environment)
    other = resolved(defaults("verify: advisory"), {}, environment)
    assert (command.settings.budget, str(command.source("budget"))) == (
        1_000_000,
        "budget=1 on the command line",
    )
    assert (context.settings.budget, str(context.source("budget"))) == (
        2_000_000,
        "examples/x/.pddrc:4",
    )
    assert (other.settings.budget, str(other.source("budget"))) == (
        3_000_000,
        "PDD_BUDGET in the environment",
    )
    assert command.settings.max_attempts == 4


@pytest.mark.parametrize(
    "variable, text, key, value",
    [
        pytest.param("PDD_MODEL_DEFAULT", "a/b", "model", "a/b", id="model"),
        pytest.param("PDD_MODEL", "a/b", "model", "a/b", id="model-own"),
        pytest.param(
            "PDD_TEST_COVERAGE_TARGET", "75", "target_coverage", 75.0, id="cov"
        ),
        pytest.param(
            "PDD_OUTPUT_COST_PATH", "c.csv", "output_cost", "c.csv", id="cost"
        ),
        pytest.param("PDD_FORCE", "1", "force", True, id="force"),
        pytest.param("PDD_FORCE", "no", "force", False, id="no-force"),
        pytest.param(
            "PDD_GENERATE_OUTPUT_PATH", "a", "generate_output_path", "a", id="p"
        ),
        pytest.param("PDD_TEMPERATURE", "none", "temperature", None, id="none"),
        pytest.param("PDD_TEMPERATURE", "0.5", "temperature", 0.5, id="number"),
        pytest.param("PDD_ENVIRONMENT", "A, B,", "environment", ("A", "B"), id="list"),
        pytest.param("PDD_MAX_CALLS", "", "max_calls", None, id="empty-is-unset"),
        pytest.param("PDD_PATH", "/x", "model", "", id="another-tools"),
    ],
)
def test_the_environment_is_read(resolved, variable, text, key, value):
    assert resolved(None, {}, {variable: text}).value(key) == value


def test_the_plain_name_of_a_variable_goes_before_pdds(resolved):
    found = resolved(None, {}, {"PDD_MODEL_DEFAULT": "old", "PDD_MODEL": "new"})
    assert found.settings.model.model == "new"


CONTEXTS = """contexts:
  backend:
    paths: ["backend/**"]
  api:
    paths: ["prompts/backend/api/*", "./tools/"]
  folder:
    defaults: {prompts_dir: prompts/folder}
  star:
    paths: ["*_go.prompt", "x?.prompt"]
  default:
    paths: ["**"]
"""


@pytest.mark.parametrize(
    "below, context",
    [
        pytest.param("a_python.prompt", "default", id="no-glob"),
        pytest.param("backend/a_python.prompt", "backend", id="below-the-prompts"),
        pytest.param("backend/api/a_python.prompt", "api", id="more-specific"),
        pytest.param("backend/api/v1/a_python.prompt", "api", id="star-crosses"),
        pytest.param("tools/a_python.prompt", "api", id="folder"),
        pytest.param("toolsmith/a_python.prompt", "default", id="longer-folder"),
        pytest.param("folder/a_python.prompt", "folder", id="prompts-dir"),
        pytest.param("a_go.prompt", "star", id="wildcard-over-everything"),
        pytest.param("backend/a_go.prompt", "backend", id="literal-over-wildcard"),
        pytest.param("xy.prompt", "star", id="question-mark"),
    ],
)
def test_the_most_specific_context_is_chosen(configured, below, context):
    assert configured(CONTEXTS).context(f"prompts/{below}", below) == context


def test_without_a_default_context_there_may_be_none(configured):
    configuration = configured("contexts: {a: {paths: [b]}}")
    assert configuration.context("c") == ""
    assert configuration.resolve("").settings == Settings()


def test_a_context_is_whole_and_takes_nothing_from_default(configured):
    configuration = configured(
        "contexts:\n  a: {paths: [a]}\n  default: {defaults: {budget: 1}}\n"
    )
    assert configuration.resolve("a").settings.budget == Settings().budget


@pytest.mark.parametrize(
    "text, variables, folders",
    [
        pytest.param("", {}, ["prompts"], id="default"),
        pytest.param(CONTEXTS, {}, ["prompts"], id="inside-another"),
        pytest.param(
            "contexts: {a: {defaults: {prompts_dir: more/}}}",
            {},
            ["more", "prompts"],
            id="two",
        ),
        pytest.param(
            defaults("prompts_dir: p/q/../r"), {}, ["p/r"], id="default-context"
        ),
        pytest.param(CONTEXTS, {"prompts_dir": "p"}, ["p"], id="command-line"),
    ],
)
def test_the_prompts_folders_are_known(configured, text, variables, folders):
    found = configured(text, variables).prompts_folders()
    assert [str(one) for one in found] == folders


def test_outputs_of_pdd_are_places(resolved):
    text = defaults(
        "outputs: {code: {path: 'a/{name}.{ext}'}, test: {path: t/}, prompt: {path: p}}"
    )
    found = resolved(text + "      generate_output_path: lib\n")
    assert (found.places.code, found.places.test) == ("a/{name}.{ext}", "t/")
    assert str(found.source("generate_output_path")) == "examples/x/.pddrc:4"


def test_keys_of_pdd_without_use_are_accepted(resolved):
    for key in IGNORED:
        assert resolved(defaults(f"{key}: 1")).settings == Settings()
        assert IGNORED[key]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("version: 1.0", id="version"),
        pytest.param("contexts: {default: {}}", id="empty-context"),
        pytest.param("contexts: {default: {defaults: }}", id="empty-defaults"),
        pytest.param("checkup: {a: 1}\nci: [b]", id="other-sections"),
    ],
)
def test_a_plain_file_is_accepted(resolved, text):
    assert resolved(text).settings == Settings()


@pytest.mark.parametrize(
    "text, message",
    [
        pytest.param(
            "context: {}", ":1: unknown key 'context'; the nearest", id="root"
        ),
        pytest.param("version: 2", ":1: version is 2, expected", id="version"),
        pytest.param("version: [1]", ":1: version is a list, expected", id="version-l"),
        pytest.param("contexts: [a]", ":1: contexts is a list", id="contexts"),
        pytest.param(
            "contexts: {a: 1}", ":1: a is 1, expected a mapping", id="context"
        ),
        pytest.param(
            "contexts:\n  a:\n    path: x", ":3: unknown key 'path'", id="path"
        ),
        pytest.param(
            "contexts: {a: {paths: x}}", "paths is 'x', expected a list", id="p"
        ),
        pytest.param(
            "contexts: {a: {paths: [1]}}", "paths is a list, expected", id="p1"
        ),
        pytest.param("contexts: {a: {defaults: 1}}", "defaults is 1, expected", id="d"),
        pytest.param(
            defaults("target_coverge: 1"),
            ":4: unknown key 'target_coverge'; the nearest is 'target_coverage'",
            id="misspelt",
        ),
        pytest.param(
            defaults("budget: lots"), ":4: budget is 'lots', expected", id="b"
        ),
        pytest.param(
            defaults("budget: '5'"), ":4: budget is '5', expected", id="quoted"
        ),
        pytest.param(defaults("budget: -1"), "budget is -1", id="negative"),
        pytest.param(defaults("budget: .inf"), "budget is inf", id="infinite"),
        pytest.param(defaults("budget: true"), "budget is yes", id="bool"),
        pytest.param(defaults("budget: "), "budget is empty", id="empty"),
        pytest.param(defaults("target_coverage: 101"), "0 to 100", id="percent"),
        pytest.param(
            defaults("max_attempts: 0"), "a whole number from 1", id="attempts"
        ),
        pytest.param(defaults("max_attempts: 1.5"), "a whole number from 1", id="half"),
        pytest.param(
            defaults("max_attempts: yes"), "a whole number", id="attempts-yes"
        ),
        pytest.param(defaults("run_timeout: 0"), "seconds above 0", id="timeout"),
        pytest.param(defaults("coverage: strict"), "advisory or required", id="choice"),
        pytest.param(defaults("replies: 5"), "live or record or replay", id="choice-5"),
        pytest.param(
            defaults("force: 1"), "force is 1, expected true or false", id="f"
        ),
        pytest.param(defaults("model: 5"), "model is 5, expected a text", id="model"),
        pytest.param(defaults('model: "a\\nb"'), "expected a text on one", id="lines"),
        pytest.param(defaults("environment: HOME"), "a list of variable", id="env"),
        pytest.param(
            defaults("environment: [A=b]"), "a list of variable", id="env-name"
        ),
        pytest.param(defaults("prices: 5"), "a mapping, in .pddrc", id="prices"),
        pytest.param(
            defaults("prices: {m: 5}"),
            "prices.m is 5, expected a mapping of input and output",
            id="price",
        ),
        pytest.param(
            defaults("prices: {m: {input: 1}}"),
            "prices.m is a mapping, expected a mapping of input and output",
            id="half-a-price",
        ),
        pytest.param(
            defaults("prices: {m: {input: 1, output: free}}"),
            "prices.m.output is 'free', expected an amount in dollars",
            id="price-in-words",
        ),
        pytest.param(
            defaults("ceiling:\n        run: 1\n        week: 2"),
            ":6: unknown key 'ceiling.week'",
            id="ceiling-of-a-week",
        ),
        pytest.param(
            defaults("ceiling:\n        run: 1\n        day: x"),
            ":6: ceiling.day is 'x', expected an amount in dollars",
            id="ceiling-in-words",
        ),
        pytest.param(
            defaults("command_reply: {form: json, txt: a}"),
            "unknown key 'command_reply.txt'",
            id="command-reply-key",
        ),
        pytest.param(
            defaults("command_reply: {form: json, text: 'a..b'}"),
            "command_reply.text is 'a..b', expected a path of names",
            id="command-reply-path",
        ),
        pytest.param(
            defaults("context_files: [/etc/*]"), "a list of globs", id="context_files"
        ),
        pytest.param(defaults("prompts_dir: ../p"), "stays in the project", id="up"),
        pytest.param(defaults("prompts_dir: ''"), "stays in the project", id="no-path"),
        pytest.param(
            defaults("generate_output_path: /tmp"), ":4: generate_output_path", id="abs"
        ),
        pytest.param(
            defaults("generate_output_path: a/../../b"),
            "stays in the project",
            id="out",
        ),
        pytest.param(defaults("test_output_path: '{nam}'"), "with {name}", id="holder"),
        pytest.param(defaults("test_output_path: 'a\\b'"), "stays in", id="backslash"),
        pytest.param(defaults("outputs: 1"), "outputs is 1", id="outputs"),
        pytest.param(
            defaults("outputs: {cod: 1}"), "unknown key 'cod'", id="outputs-k"
        ),
        pytest.param(
            defaults("outputs: {code: x}"), "the one key path", id="outputs-c"
        ),
        pytest.param(
            defaults("outputs: {code: {path: ../x}}"), "path is '../x'", id="outputs-p"
        ),
        pytest.param(
            defaults("replies: record"), ":4: replies is record", id="no-label"
        ),
        pytest.param("a: [}", ":1: ", id="broken"),
    ],
)
def test_a_bad_pddrc_is_named_with_its_line(resolved, text, message):
    found = refused(resolved, text)
    assert found.startswith("examples/x/.pddrc:")
    assert message in found


def test_an_unused_context_is_checked_too(configured):
    text = "contexts:\n  a:\n    defaults: {budget: x}"
    assert "examples/x/.pddrc:3: budget is 'x'" in refused(configured, text)


@pytest.mark.parametrize(
    "name, value, message",
    [
        pytest.param(
            "budget", "abc", "budget=abc on the command line: budget is", id="n"
        ),
        pytest.param("budget", "nan", "budget=nan on the command line", id="nan"),
        pytest.param("budgt", "5", "the nearest is 'budget'", id="misspelt"),
        pytest.param("force", "maybe", "expected true or false", id="flag"),
        pytest.param("max_attempts", "none", "a whole number from 1", id="none"),
        pytest.param("prices", "5", "in .pddrc", id="only-in-a-file"),
        pytest.param("test_output_path", "../x", "stays in the project", id="out"),
    ],
)
def test_a_bad_word_on_the_command_line_is_named(resolved, name, value, message):
    assert message in refused(resolved, None, {name: value})


def test_other_variables_of_the_command_line_pass(resolved):
    given = {"shade": "dark", "colour": "red", "strength": "1"}
    assert resolved(None, given).settings == Settings()


def test_a_bad_variable_of_the_environment_is_named(resolved):
    found = refused(resolved, defaults("budget: 1"), {}, {"PDD_BUDGET": "x"})
    assert found == (
        "PDD_BUDGET in the environment: budget is 'x', expected an amount in dollars"
        " from 0"
    )


def test_a_label_given_elsewhere_serves(resolved):
    found = resolved(defaults("label: live"), {"replies": "record"})
    assert found.settings.model.replies is Replies.RECORD
