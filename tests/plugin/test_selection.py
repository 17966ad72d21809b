"""Selectors on the command lines of doit and of our commands."""

import json

import pytest
from project import Project
from repository import NEEDS_GIT, Repository


CHAIN = ("base", "lib/middle", "top")


def prompt(name, *needed):
    lines = [f"Write {name}.", *(f"<include>{path}</include>" for path in needed)]
    return "\n".join(lines) + "\n"


@pytest.fixture
def project(tmp_path):
    """Return a project of a chain of three units, and one unit beside it."""
    found = Project.in_folder(tmp_path / "project")
    for name, *needed in (
        ("base",),
        ("lib/middle", "examples/base_example.py"),
        ("top", "examples/lib/middle_example.py"),
        ("apart",),
    ):
        found.write(f"prompts/{name}_python.prompt", prompt(name, *needed))
    for name in ("base", "lib/middle"):
        found.write(f"examples/{name}_example.py", f"print({name!r})\n")
    return found


def named(project, *words, **variables):
    """Return the basenames of the units that words select, in their order."""
    said = project.doit("pending", "--json", *words, **variables)
    assert said.out.startswith("{"), said.text
    units = json.loads(said.out)["units"]
    return [unit["unit"].removesuffix("_python") for unit in units]


@pytest.mark.parametrize(
    "word, expected",
    [
        pytest.param("+top", CHAIN, id="with what it needs"),
        pytest.param("sync:base+", CHAIN, id="with what depends on it"),
        pytest.param("lib/middle+", CHAIN[1:], id="from the middle"),
        pytest.param("@lib/middle", CHAIN, id="both ways"),
        pytest.param("l*", CHAIN[1:2], id="pattern"),
        pytest.param("sync", ("apart", *CHAIN), id="all"),
        pytest.param("state:new", ("apart", *CHAIN), id="state"),
        pytest.param("state:in-sync", (), id="state that none has"),
        pytest.param("result:failed", (), id="result that none has"),
    ],
)
def test_a_selector_selects_in_the_order_of_the_graph(project, word, expected):
    assert named(project, word) == list(expected)


def test_several_words_select_what_any_of_them_does(project):
    assert named(project, "top", "apart", "+lib/middle") == [
        "apart",
        "base",
        "lib/middle",
        "top",
    ]


@pytest.mark.parametrize("more", ["--all-affected", "affected=1"])
def test_all_affected_adds_what_depends_on_the_named_units(project, more):
    assert named(project, "lib/middle", more) == ["lib/middle", "top"]


def test_an_answer_to_affected_that_is_none_is_refused(project):
    said = project.doit("pending", "base", "affected=main")

    assert said.code == 3
    assert "sync:affected:main" in said.err


@pytest.mark.parametrize(
    "words, wanted",
    [
        pytest.param(("sync:base+",), ["base", "lib/middle", "top"], id="signs"),
        pytest.param(("sync:+l*",), ["base", "lib/middle"], id="pattern"),
        pytest.param(("sync:lib/middle+:test",), ["lib/middle", "top"], id="step"),
        pytest.param(("sync:state:stale",), ["apart", *CHAIN], id="state"),
        pytest.param(("sync:state:held",), [], id="nothing"),
        pytest.param(("sync:base", "affected=1"), [*CHAIN], id="affected"),
        pytest.param(("sync:base_python", "affected=1"), [*CHAIN], id="affected unit"),
    ],
)
def test_a_selector_is_a_task_of_doit(project, words, wanted):
    said = project.doit("info", *words)

    lines = [line.strip(" -") for line in said.out.splitlines()]
    end = ":test" if ":test" in words[0] else ""
    tasks = [line for line in lines if line.endswith(f"_python{end}")]
    own = [] if words[0] != "sync:base_python" else ["sync:base_python"]
    names = [f"sync:{name}_python{end}" for name in wanted]
    assert [t for t in tasks if t not in own] == [n for n in names if n not in own]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("pending", "bose+"), id="pending"),
        pytest.param(("log", "+bose"), id="log"),
        pytest.param(("merge", "@bose"), id="merge"),
        pytest.param(("undo", "bose+"), id="undo"),
        pytest.param(("sync:+bose",), id="doit"),
        pytest.param(("forget", "sync:bose+"), id="forget"),
    ],
)
def test_an_unknown_name_suggests_the_nearest_everywhere(project, words):
    said = project.doit(*words)

    assert said.code == 3
    assert "the nearest are base" in said.err
    assert "Traceback" not in said.text


@pytest.mark.parametrize("words", [("pending", "*base"), ("sync:b*+:test",)])
def test_a_pattern_that_nothing_matches_is_told(project, words):
    word = words[-1].replace("b", "x")

    said = project.doit(*words[:-1], word)

    assert said.code == 3
    assert "no unit matches '" in said.err


@pytest.mark.parametrize("word", ["sync:l*", "sync:*dle:crash", "sync:ba*+"])
@pytest.mark.parametrize("command", ["list", "info", "clean", "forget"])
def test_a_pattern_means_the_same_in_every_command(project, command, word):
    said = project.doit(command, word)

    assert said.code == (1 if command == "info" else 0), said.text
    assert "Traceback" not in said.text
    assert command == "clean" or word in said.out


def test_what_a_pattern_matches_is_asked_for_whole(project):
    project.write(".pddrc", "contexts: {default: {defaults: {replies: replay}}}\n")

    said = project.doit("sync:b*")

    assert "needs" not in said.out
    assert "base_python auto-deps" in said.out
    assert "middle" not in said.out


@pytest.mark.parametrize("words", [("pending", "state:stael"), ("sync:state:stael",)])
def test_an_unknown_state_suggests_the_nearest(project, words):
    said = project.doit(*words)

    assert said.code == 3
    assert "no state is called 'stael'; the nearest is stale" in said.err


@pytest.mark.parametrize("word", ["sync:base_python:test", "sync:bas*:test"])
def test_a_step_brings_that_step_of_what_depends_on_its_unit(project, word):
    said = project.doit("info", word, "affected=1")

    steps = [line.strip(" -") for line in said.out.splitlines() if ":test" in line]
    assert steps[0] == (word if "*" in word else "sync:base_python+:test")
    assert set(steps[-3:]) == {f"sync:{name}_python:test" for name in CHAIN}


def test_a_step_of_what_depends_is_forgotten_with_it(project):
    for name in ("base", "lib/middle"):
        project.write(f"src/{name}.py", "x = 1\n")
        assert project.doit("reset-dep", f"sync:{name}_python").code == 0

    said = project.doit("forget", "sync:base_python:crash", "affected=1")

    assert said.code == 0, said.text
    for name in ("base", "lib/middle"):
        trace = json.loads(project.read(f".pdd/meta/{name}_python.json"))
        assert trace["stale"] == ["crash"]


def test_what_is_selected_by_default_may_be_a_selector(project):
    project.write(
        "dodo.py",
        "from pdd_tasks import doit_project\n\nDOIT_CONFIG, task_sync ="
        " doit_project()\nDOIT_CONFIG['default_tasks'] = ['sync:state:held']\n",
    )

    said = project.doit()

    assert said.code == 0, said.text


def test_a_bug_is_of_one_unit(project):
    said = project.doit("bug", "state:held", "It is wrong.")

    assert said.code == 3
    assert "stands for 0 units: none" in said.err


class TestAffected:
    pytestmark = NEEDS_GIT

    @pytest.fixture
    def repository(self, project):
        found = Repository(project.root)
        found.commit()
        return found

    def test_only_units_whose_files_differ_are_affected(self, project, repository):
        project.write("prompts/lib/middle_python.prompt", "Write something else.\n")
        project.write("src/apart.py", "x = 1\n")

        assert named(project, "affected:HEAD") == ["apart", "lib/middle"]
        assert named(project, "affected:HEAD:test") == ["apart", "lib/middle"]
        repository.commit()
        assert named(project, "affected:HEAD") == []
        assert named(project, "affected:HEAD~1") == ["apart", "lib/middle"]

    @pytest.mark.usefixtures("repository")
    def test_what_a_prompt_includes_counts_and_what_depends_on_it(self, project):
        project.write("examples/base_example.py", "print(2)\n")

        assert named(project, "affected:main") == ["base", "lib/middle"]
        assert named(project, "affected:main+") == [*CHAIN]

    def test_a_project_may_lie_below_the_top_of_the_repository(self, project):
        top = Repository(project.root.parent)
        other = project.root.parent / "src/apart.py"
        other.parent.mkdir()
        other.write_text("y = 1\n")
        project.write("src/apart.py", "x = 1\n")
        top.commit()
        assert named(project, "affected:HEAD") == []
        project.write("src/apart.py", "y = 1\n")
        assert named(project, "affected:HEAD") == ["apart"]

    @pytest.mark.usefixtures("repository")
    def test_a_file_whose_time_alone_changed_does_not_count(self, project):
        (project.root / "prompts/base_python.prompt").touch()

        assert named(project, "affected:HEAD") == []

    @pytest.mark.parametrize("name", [".pddrc", "languages.yaml"])
    @pytest.mark.usefixtures("repository")
    def test_settings_affect_all_units(self, project, name):
        empty = "contexts: {}\n" if name == ".pddrc" else "{}\n"
        project.write(name, empty)

        assert named(project, "affected:HEAD") == ["apart", *CHAIN]

    @pytest.mark.usefixtures("repository")
    def test_an_unknown_revision_counts_all_with_a_notice(self, project):
        said = project.doit("pending", "--exit-code", "affected:nowhere")

        assert "git knows no revision 'nowhere': all units count" in said.err
        assert said.err.count("nowhere") == 1
        assert said.code == 1

    def test_a_shallow_clone_counts_all_with_a_notice(
        self, project, repository, tmp_path
    ):
        project.write("prompts/top_python.prompt", "Write less.\n")
        repository.commit()
        clone = tmp_path / "clone"
        url = f"file://{project.root}"
        repository.git("clone", "-q", "--depth=1", url, str(clone))

        said = Project(clone).doit("pending", "--json", "affected:HEAD~1")

        assert "the clone is shallow" in said.err
        assert len(json.loads(said.out)["units"]) == 4
        assert named(Project(clone), "affected:HEAD") == []

    def test_without_git_all_count_with_a_notice(self, project, tmp_path):
        ceiling = {"GIT_CEILING_DIRECTORIES": str(tmp_path)}

        said = project.doit("pending", "--json", "affected:HEAD", **ceiling)

        assert "git cannot be asked" in said.err
        assert len(json.loads(said.out)["units"]) == 4
