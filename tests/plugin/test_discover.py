import time
from pathlib import PurePosixPath

import pytest

from pdd_tasks.errors import ConfigError
from pdd_tasks.plugin.claim import check_claims, nearest_units, unknown_unit
from pdd_tasks.plugin.discover import discover, discover_all


HERE = (".",)


def laid(top, *files, **contents):
    for name in files:
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).touch()
    for name, text in contents.items():
        (top / f".{name}").write_text(text)


def found(top, variables=None):
    units = discover(top, PurePosixPath(), variables or {}, {})
    return {str(unit.id): unit for unit in units}


def refused(top, variables=None):
    with pytest.raises(ConfigError) as caught:
        found(top, variables)
    assert caught.value.hint
    return caught.value


def pddrc(line):
    return f"contexts:\n  default:\n    defaults:\n      {line}\n"


def test_a_unit_is_a_prompt_with_its_default_places(tmp_path):
    laid(tmp_path, "prompts/calc_python.prompt", "prompts/README.md")
    (unit,) = discover(tmp_path, PurePosixPath("examples/x"), {}, {})
    assert (unit.id.basename, unit.id.language) == ("calc", "python")
    assert str(unit.root) == "examples/x"
    assert str(unit.prompt) == "prompts/calc_python.prompt"
    assert [str(path) for path in unit.code] == ["src/calc.py"]
    assert str(unit.import_root) == "src"
    assert str(unit.example) == "examples/calc_example.py"
    assert (str(unit.test), unit.more_tests) == ("tests/test_calc.py", ())
    assert unit.language.name == "python"


def test_units_can_be_members_of_sets(tmp_path):
    laid(tmp_path, "prompts/a_python.prompt")
    assert len({*found(tmp_path).values(), *found(tmp_path).values()}) == 1


def test_folders_of_a_basename_are_kept(tmp_path):
    laid(tmp_path, "prompts/backend/core/my_widget_Python.prompt")
    unit = found(tmp_path)["backend/core/my_widget_python"]
    assert str(unit.code[0]) == "src/backend/core/my_widget.py"
    assert str(unit.import_root) == "src"
    assert str(unit.example) == "examples/backend/core/my_widget_example.py"
    assert str(unit.test) == "tests/backend/core/test_my_widget.py"


def test_several_languages_share_a_basename(tmp_path):
    laid(tmp_path, "prompts/a_python.prompt", "prompts/a_go.prompt")
    assert list(found(tmp_path)) == ["a_go", "a_python"]


def test_a_language_of_several_files_has_several(tmp_path):
    laid(tmp_path, "prompts/a_cpp.prompt")
    assert [str(p) for p in found(tmp_path)["a_cpp"].code] == ["src/a.cpp", "src/a.hpp"]


def test_a_language_without_file_names_gets_plain_ones(tmp_path):
    laid(tmp_path, "prompts/a_json.prompt")
    unit = found(tmp_path)["a_json"]
    assert (str(unit.example), str(unit.test)) == (
        "examples/a_example.json",
        "tests/test_a.json",
    )


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("prompts/a_LLM.prompt", id="template"),
        pytest.param("prompts/notes_python.md", id="no-prompt"),
        pytest.param("prompts/.hidden_python.prompt", id="hidden"),
        pytest.param("prompts/.git/a_python.prompt", id="hidden-folder"),
        pytest.param("other/a_python.prompt", id="elsewhere"),
        pytest.param("prompts/a_python.prompt/x", id="folder"),
        pytest.param("x", id="no-prompts-folder"),
    ],
)
def test_other_files_are_no_units(tmp_path, name):
    laid(tmp_path, name)
    assert found(tmp_path) == {}


@pytest.mark.parametrize(
    "place, code, import_root",
    [
        pytest.param("lib", "lib/sub/a.py", "lib", id="folders-appended"),
        pytest.param("lib/", "lib/a.py", "lib", id="exactly-this-folder"),
        pytest.param(".", "sub/a.py", ".", id="root"),
        pytest.param("./", "a.py", ".", id="exactly-the-root"),
        pytest.param("lib/x.py", "lib/x.py", "lib", id="a-file"),
        pytest.param("lib/{name}/main.py", "lib/a/main.py", "lib/a", id="template"),
        pytest.param("{dir_prefix}{name}.{ext}", "sub/a.py", "sub", id="prefix"),
        pytest.param("{category}/l/", "sub/l/a.py", "sub/l", id="folder-template"),
        pytest.param("{language}", "python/a.py", "python", id="language"),
        pytest.param("a/../lib", "lib/sub/a.py", "lib", id="dots"),
    ],
)
def test_places_are_configured(tmp_path, place, code, import_root):
    laid(
        tmp_path,
        "prompts/sub/a_python.prompt",
        pddrc=pddrc(f"generate_output_path: '{place}'"),
    )
    unit = found(tmp_path)["sub/a_python"]
    assert (str(unit.code[0]), str(unit.import_root)) == (code, import_root)


def test_an_empty_category_stays_inside(tmp_path):
    laid(
        tmp_path,
        "prompts/a_python.prompt",
        pddrc=pddrc("generate_output_path: '{category}/{name}.py'"),
    )
    assert str(found(tmp_path)["a_python"].code[0]) == "a.py"


def test_a_package_is_imported_from_above(tmp_path):
    laid(
        tmp_path,
        "prompts/a_python.prompt",
        "lib/pkg/__init__.py",
        "lib/pkg/sub/__init__.py",
        pddrc=pddrc("generate_output_path: lib/pkg/sub/"),
    )
    assert str(found(tmp_path)["a_python"].import_root) == "lib"


def test_contexts_give_units_their_settings(tmp_path):
    laid(
        tmp_path,
        "prompts/a_python.prompt",
        "prompts/back/b_python.prompt",
        pddrc="contexts:\n  back:\n    paths: [back/**]\n    defaults: {budget: 1}\n",
    )
    units = found(tmp_path, {"max_attempts": "9"})
    assert units["back/b_python"].settings.budget == 1_000_000
    assert units["a_python"].settings.budget == 10_000_000
    assert {unit.settings.max_attempts for unit in units.values()} == {9}


def test_further_test_files_go_to_the_longest_name(tmp_path):
    laid(
        tmp_path,
        "prompts/foo_python.prompt",
        "prompts/foo_bar_python.prompt",
        "prompts/foo_go.prompt",
        "tests/test_foo.py",
        "tests/test_foo_b.py",
        "tests/test_foo_a_1.py",
        "tests/test_foo_bar.py",
        "tests/test_foo_bar_more.py",
        "tests/test_food_x.py",
        "tests/test_foo_folder.py/x",
        "tests/conftest.py",
        "tests/foo_more_test.go",
    )
    units = found(tmp_path)
    more = {name: [path.name for path in units[name].more_tests] for name in units}
    assert more == {
        "foo_python": ["test_foo_a_1.py", "test_foo_b.py"],
        "foo_bar_python": ["test_foo_bar_more.py"],
        "foo_go": ["foo_more_test.go"],
    }


def test_default_language_names_what_has_none(tmp_path):
    laid(
        tmp_path,
        "prompts/my_tool.prompt",
        "prompts/plain.prompt",
        pddrc=pddrc("default_language: Python"),
    )
    assert list(found(tmp_path)) == ["my_tool_python", "plain_python"]


def test_default_language_does_not_hide_a_misspelling(tmp_path):
    laid(tmp_path, "prompts/a_pyton.prompt", pddrc=pddrc("default_language: go"))
    assert "no language is called 'pyton'" in refused(tmp_path).message


def test_an_unknown_default_language_is_named_with_its_line(tmp_path):
    laid(tmp_path, "prompts/a.prompt", pddrc=pddrc("default_language: pyton"))
    assert refused(tmp_path).message == (
        ".pddrc:4: default_language 'pyton' is not in languages.yaml; the nearest is"
        " 'python'"
    )


@pytest.mark.parametrize(
    "name, message, hint",
    [
        pytest.param(
            "foo_klingon", "no language is called 'klingon'", "languages.yaml", id="new"
        ),
        pytest.param(
            "foo_pyhton", "the nearest is python", "foo_python.prompt", id="typo"
        ),
        pytest.param("foo_llm", "the nearest is LLM", "_LLM.prompt", id="template"),
        pytest.param("foo_zzzzzz", "no language is called", "foo_python", id="far"),
        pytest.param("foo", "the name gives no language", "foo_python", id="none"),
        pytest.param(
            "python", "there is no name in front of", "calculator_python", id="only"
        ),
        pytest.param("_python", "no name in front", "calculator_python", id="no-name"),
        pytest.param("sub/_python", "no name in front", "calculator", id="no-leaf"),
        pytest.param("-x_python", "may not begin with -", "rename", id="dash"),
        pytest.param("a=b_python", "may not begin with -", "rename", id="equals"),
        pytest.param("a:b_python", "may not begin with -", "rename", id="colon"),
        pytest.param("{a}_python", "may not begin with -", "rename", id="braces"),
    ],
)
def test_a_name_that_is_no_unit_is_explained(tmp_path, name, message, hint):
    laid(tmp_path, f"prompts/{name}.prompt")
    error = refused(tmp_path)
    assert error.message.startswith((f"prompts/{name}.prompt: ", "'prompts/"))
    assert message in error.message
    assert hint in error.hint


def test_all_bad_names_are_told_at_once(tmp_path):
    laid(tmp_path, "prompts/a_klingon.prompt", "prompts/b.prompt")
    message = refused(tmp_path).message
    assert "a_klingon" in message
    assert "prompts/b.prompt" in message


@pytest.mark.parametrize(
    "files, config, message",
    [
        pytest.param(
            ["a_python", "a_Python"],
            "",
            "prompts/a_Python.prompt and prompts/a_python.prompt both make the unit",
            id="one-id",
        ),
        pytest.param(
            ["Calc_python", "calc_python"], "", "both make the unit", id="only-case"
        ),
        pytest.param(
            ["foo_python", "foo_python_go"],
            "",
            "the basename foo_python of prompts/foo_python_go.prompt reads like the"
            " unit of prompts/foo_python.prompt",
            id="reads-like-another",
        ),
        pytest.param(
            ["a/x_python", "b/x_python"],
            pddrc("generate_output_path: lib/"),
            "prompts/b/x_python.prompt claims lib/x.py as its code,"
            " prompts/a/x_python.prompt claims it as its code",
            id="one-code-file",
        ),
        pytest.param(
            ["a_bash", "a_shell"], "", "claims src/a.sh as its code", id="two-shells"
        ),
        pytest.param(
            ["a_python"],
            pddrc("{generate_output_path: x.py, test_output_path: x.py}"),
            "claims x.py as its tests, prompts/a_python.prompt claims it as its code",
            id="within-a-unit",
        ),
    ],
)
def test_two_claims_on_one_thing_are_refused(tmp_path, files, config, message):
    if "{gen" in config:
        config = config.replace("{", "").replace("}", "").replace(", ", "\n      ")
    laid(tmp_path, *(f"prompts/{name}.prompt" for name in files))
    (tmp_path / ".pddrc").write_text(config)
    assert message in refused(tmp_path).message


def test_a_link_in_a_circle_is_walked_once(tmp_path):
    laid(tmp_path, "prompts/sub/a_python.prompt")
    (tmp_path / "prompts/sub/again").symlink_to(tmp_path / "prompts")
    assert list(found(tmp_path)) == ["sub/a_python"]


def test_the_prompts_folder_may_be_a_link_inside(tmp_path):
    laid(tmp_path, "pdd/prompts/a_python.prompt")
    (tmp_path / "prompts").symlink_to(tmp_path / "pdd/prompts")
    assert str(found(tmp_path)["a_python"].prompt) == "prompts/a_python.prompt"


@pytest.mark.parametrize(
    "folder", [pytest.param(name, id=name) for name in ("src", "examples", "prompts")]
)
def test_a_folder_that_leads_out_of_the_project_is_refused(tmp_path, folder):
    top = tmp_path / "project"
    if folder != "prompts":
        laid(top, "prompts/a_python.prompt")
    laid(tmp_path, "outside/a_python.prompt", "project/x")
    (top / folder).symlink_to(tmp_path / "outside")
    assert f"{folder} is a link that leaves the project" in refused(top).message


def test_prompts_that_are_no_folder_are_refused(tmp_path):
    laid(tmp_path, "prompts")
    assert "the prompts folder prompts cannot be read" in refused(tmp_path).message


def test_nested_projects_are_their_own_state_roots(tmp_path):
    laid(
        tmp_path,
        "prompts/a_python.prompt",
        "prompts/nested/.pddrc",
        "prompts/nested/prompts/b_python.prompt",
        "examples/one/.pddrc",
        "examples/one/prompts/c_python.prompt",
    )
    units = discover_all(tmp_path, HERE, {}, {})
    assert {str(unit.id): str(unit.root) for unit in units} == {
        "a_python": ".",
        "b_python": "prompts/nested",
        "c_python": "examples/one",
    }


def test_one_id_in_two_projects_is_refused(tmp_path):
    laid(tmp_path, "a/.pddrc", "b/.pddrc")
    laid(tmp_path, "a/prompts/x_python.prompt", "b/prompts/x_python.prompt")
    with pytest.raises(ConfigError, match="both make the unit x_python") as caught:
        discover_all(tmp_path, HERE, {}, {})
    assert "a/prompts/x_python.prompt and b/prompts" in caught.value.message


def test_unknown_units_are_told_the_nearest(tmp_path):
    laid(tmp_path, "prompts/calculator_python.prompt", "prompts/core/page_go.prompt")
    units = discover(tmp_path, PurePosixPath(), {}, {})
    check_claims(units)
    assert nearest_units("calculater", units)[0] == "calculator"
    assert nearest_units("page", units) == ("core/page", "core/page_go")
    assert "the nearest are calculator" in unknown_unit("calcultor", units).message
    assert "no unit is called 'zzz'" in unknown_unit("zzz", units).message
    assert "there are no prompts here" in unknown_unit("zzz", ()).message


def test_finding_units_is_cheap(tmp_path):
    laid(tmp_path, "prompts/a_python.prompt", "prompts/b_python.prompt", pddrc="")
    laid(tmp_path, "src/a.py", "tests/test_a.py", "examples/a_example.py")
    discover_all(tmp_path, HERE, {}, {})
    costs = []
    for _ in range(5):
        before = time.process_time()
        discover_all(tmp_path, HERE, {}, {})
        costs.append(time.process_time() - before)
    assert min(costs) < 0.015
