from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from pdd_tasks.errors import ConfigError
from pdd_tasks.plugin.languages import load_languages


REPOSITORY = Path(__file__).parents[2]
SYNCED = {
    *("bash", "c", "cpp", "go", "java", "javascript", "javascriptreact", "rust"),
    *("typescript", "typescriptreact"),
}


def loaded(tmp_path, text):
    (tmp_path / "languages.yaml").write_text(text)
    return load_languages(tmp_path, PurePosixPath("examples/x"))


def test_the_other_name_of_a_language_means_the_same(tmp_path):
    known = load_languages(tmp_path)
    for name, other in {"shell": "bash", "c++": "cpp", "c#": "csharp"}.items():
        assert replace(known[name], name=other) == known[other]


def test_python_is_shipped_and_complete(tmp_path):
    python = load_languages(tmp_path)["python"]
    assert python.extensions == ("py",)
    assert (python.syntax, python.runner) == ("python", "pytest")
    assert "{junit}" in " ".join(python.test)
    assert "{coverage}" in " ".join(python.measure)
    assert python.run == ("{interpreter}", "{file}")
    assert python.test_file == "test_{name}.py"
    assert "PYTHONPATH" in python.environment


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, id=name)
        for name in [
            "javascript",
            "typescript",
            "typescriptreact",
            "go",
            "rust",
            "java",
            "c",
            "cpp",
            "csharp",
            "bash",
            "ruby",
            "php",
            "kotlin",
            "swift",
            "scala",
            "sql",
            "html",
            "css",
            "json",
            "yaml",
            "markdown",
            "makefile",
            "toml",
            "lua",
            "r",
            "haskell",
        ]
    ],
)
def test_the_usual_languages_are_shipped_as_data(tmp_path, name):
    language = load_languages(tmp_path)[name]
    assert language.name == name
    assert language.extensions
    assert language.fence
    adapters = ("toolchain", name) if name in SYNCED else ("", "")
    assert (language.runner, language.syntax) == adapters


def test_this_repositorys_own_file_is_the_shipped_one(tmp_path):
    assert load_languages(REPOSITORY) == load_languages(tmp_path)


def test_a_project_overrides_key_by_key(tmp_path):
    shipped = load_languages(tmp_path)
    found = loaded(tmp_path, "python:\n  test_file: '{name}_test.py'\n")
    assert found["python"].test_file == "{name}_test.py"
    assert found["python"].run == shipped["python"].run
    assert found["go"] == shipped["go"]
    assert load_languages(tmp_path / "elsewhere") == shipped


def test_no_formatter_is_assumed_and_a_project_may_name_one(tmp_path):
    assert not any(one.format for one in load_languages(tmp_path).values())
    found = loaded(tmp_path, "python:\n  format: [ruff, format, '-']\n")
    assert found["python"].format == ("ruff", "format", "-")


def test_a_project_adds_a_language(tmp_path):
    found = loaded(
        tmp_path,
        "klingon:\n  extensions: [kl, kh]\n  fence: [klingon]\n"
        "  run: [kl, '{file}']\n  environment: {A: b}\n",
    )
    assert found["klingon"].extensions == ("kl", "kh")
    assert found["klingon"].environment == {"A": "b"}
    assert found["klingon"].comment == "#"


def test_an_empty_file_changes_nothing(tmp_path):
    assert loaded(tmp_path, "# nothing\n") == load_languages(tmp_path / "elsewhere")


def test_a_link_to_the_shipped_file_is_the_shipped_one(tmp_path):
    Path(tmp_path / "languages.yaml").symlink_to(REPOSITORY / "languages.yaml")
    assert load_languages(tmp_path) == load_languages(REPOSITORY)


@pytest.mark.parametrize(
    "text, message",
    [
        pytest.param(
            "go:\n  runn: [x]", ":2: unknown key 'runn'; the nearest is", id="k"
        ),
        pytest.param("go: 5", ":1: language go is 5, expected a mapping", id="number"),
        pytest.param("Go: {}", ":1: a language cannot be named 'Go'", id="upper-case"),
        pytest.param("a_b: {}", ":1: a language cannot be named", id="underscore"),
        pytest.param("5: {}", ":1: a language cannot be named 5", id="no-text"),
        pytest.param("kl: {comment: x}", ":1: language kl has no extensions", id="ext"),
        pytest.param("go: {extensions: go}", "a list of file endings", id="ext-text"),
        pytest.param("go: {extensions: []}", "a list of file endings", id="no-ext"),
        pytest.param("go: {extensions: [.go]}", "a list of file endings", id="dot"),
        pytest.param("go: {extensions: [a, a]}", "a list of file endings", id="twice"),
        pytest.param("go:\n\n  comment: 5", ":3: comment of language go is 5", id="c"),
        pytest.param("go: {run: go run}", "run of language go is 'go run'", id="run"),
        pytest.param("go: {run: [go, 1]}", "expected a list of texts", id="run-number"),
        pytest.param("go: {format: gofmt}", "format of language go is", id="format"),
        pytest.param("go: {test_file: a.go}", "with {name} in it once", id="no-name"),
        pytest.param("go: {test_file: 'a/{name}'}", "with {name} in it", id="folder"),
        pytest.param("go: {environment: [A]}", "a mapping of variable", id="env-list"),
        pytest.param("go: {environment: {A: 1}}", "a mapping of variable", id="env-1"),
    ],
)
def test_a_bad_entry_is_named_with_its_line(tmp_path, text, message):
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, text)
    assert caught.value.message.startswith("examples/x/languages.yaml:")
    assert message in caught.value.message
    assert caught.value.hint


PACKAGE = """{"devDependencies": {"vitest": "3", "tsx": "4"}}"""
VARIANT = """\
made-up:
  extensions: [mu]
  test: [one]
  tools: {a: get a, b: get b}
  variants:
    - {file: mu.toml, holds: "[two]", test: [two], tools: {a: "", c: get c}}
    - {file: mu.toml, holds: "[three]", results: tap}
"""


def test_what_a_project_asks_for_in_its_own_files_is_laid_over(tmp_path):
    plain = load_languages(tmp_path)["typescript"]
    (tmp_path / "package.json").write_text(PACKAGE)
    found = load_languages(tmp_path)["typescript"]
    assert (plain.results, found.results) == ("tap", "jest")
    assert found.test[0] == "node_modules/.bin/vitest"
    assert "tsx" in found.run
    assert [command for command, hint in found.tools.items() if hint] == [
        "node_modules/.bin/tsx --version",
        "node_modules/.bin/vitest --version",
    ]


def test_what_a_project_says_itself_is_laid_over_by_nothing(tmp_path):
    (tmp_path / "package.json").write_text(PACKAGE)
    own = "typescript: {test: [mocha, '{tests}'], results: tap}\n"
    (tmp_path / "languages.yaml").write_text(own)
    found = load_languages(tmp_path)["typescript"]
    assert (found.test, found.results) == (("mocha", "{tests}"), "tap")
    assert "tsx" in found.run


def test_variants_are_laid_over_one_after_the_other(tmp_path):
    assert loaded(tmp_path, VARIANT)["made-up"].test == ("one",)
    (tmp_path / "mu.toml").write_text("[three]\n[two]\n")
    found = loaded(tmp_path, VARIANT)["made-up"]
    assert (found.test, found.results) == (("two",), "tap")
    assert found.tools == {"a": "", "b": "get b", "c": "get c"}


@pytest.mark.parametrize(
    "variant, words",
    [
        pytest.param(
            "{file: x}", ["expected a mapping with file and holds"], id="short"
        ),
        pytest.param("[]", ["expected a mapping"], id="no-mapping"),
        pytest.param("{file: x, holds: y, tset: [z]}", ["tset", "test"], id="unknown"),
        pytest.param("{file: x, holds: y, test: z}", ["expected a list"], id="form"),
    ],
)
def test_a_broken_variant_is_refused(tmp_path, variant, words):
    text = f"made-up:\n  extensions: [mu]\n  variants: [{variant}]\n"
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, text)
    said = f"{caught.value.message} {caught.value.hint}"
    assert [word for word in words if word not in said] == []


def test_variants_are_a_list(tmp_path):
    with pytest.raises(ConfigError, match="expected a list of mappings"):
        loaded(tmp_path, "made-up:\n  extensions: [mu]\n  variants: {file: x}\n")


def test_commands_are_lists_of_lists(tmp_path):
    text = "made-up:\n  extensions: [mu]\n  before_test: [[make, all], [ls]]\n"
    assert loaded(tmp_path, text)["made-up"].before_test == (("make", "all"), ("ls",))
    with pytest.raises(ConfigError, match="a list of commands"):
        loaded(tmp_path, text.replace("[[make, all], [ls]]", "[make, all]"))


def test_a_header_is_one_of_the_extensions(tmp_path):
    known = load_languages(tmp_path)
    assert (known["c"].header, known["cpp"].header) == ("h", "hpp")
    with pytest.raises(ConfigError, match="header of language c is 'hh'") as error:
        loaded(tmp_path, "c:\n  header: hh\n")
    assert "languages.yaml:2" in error.value.message
