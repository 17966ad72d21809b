from pathlib import PurePosixPath

import pytest

from pdd_tasks.core.prompt.include import (
    DEPTH_LIMIT,
    SIZE_LIMIT,
    Injected,
    expand,
    included,
)
from pdd_tasks.errors import ConfigError


PROMPT = PurePosixPath("prompts/x_python.prompt")
EXAMPLE = PurePosixPath("examples/q_example.py")


def reader(files):
    def read(path):
        found = files.get(str(path))
        if found is OSError:
            raise ConfigError(f"{path} is not a plain file", hint="make it one")
        return found.encode() if isinstance(found, str) else found

    return read


def expanded(text, files, **options):
    return expand(PROMPT, text, reader(files), **options)


def refused(text, files, **options):
    with pytest.raises(ConfigError) as caught:
        expanded(text, files, **options)
    assert caught.value.hint
    return caught.value


def test_a_file_is_put_in_with_its_path():
    found = expanded("a\n<include>docs/a.md</include>\nb\n", {"docs/a.md": "A\n"})
    assert found.text == 'a\n<file path="docs/a.md">\nA\n</file>\nb\n'
    assert found.injected == (
        Injected(path=PurePosixPath("docs/a.md"), select="", text="A\n"),
    )


def test_a_part_is_put_in_and_is_all_that_counts():
    text = '<include path="a.md" select="lines:2"/>'
    one = expanded(text, {"a.md": "1\n2\n3\n"})
    other = expanded(text, {"a.md": "one\n2\nthree\n"})
    assert one == other
    assert one.text == '<file path="a.md" select="lines:2">\n2\n</file>\n'


def test_prose_is_searched_for_further_includes():
    files = {"a.md": "A <include>b.txt</include>\n", "b.txt": "B<pdd>no</pdd>\n"}
    found = expanded("<include>a.md</include>", files)
    assert [str(one.path) for one in found.injected] == ["a.md", "b.txt"]
    assert '<file path="b.txt">\nB\n</file>' in found.text


def test_programs_are_put_in_as_they_stand():
    code = 'x = "<include>b.txt</include>"  # <pdd>\n'
    found = expanded("<include>a.py</include>", {"a.py": code})
    assert code in found.text
    assert len(found.injected) == 1


def test_a_file_included_twice_counts_once():
    text = "<include-many>a.py, ./a.py</include-many>\n<include>d/../a.py</include>"
    found = expanded(text, {"a.py": "1\n"})
    assert len(found.injected) == 1
    assert found.text.count('<file path="a.py">') == 3


def test_line_ends_and_trailing_blanks_make_no_difference():
    one = expanded("a\n<include>a.md</include>\n", {"a.md": "x\ny\n"})
    other = expanded(
        "\ufeffa  \r\n<include>a.md</include>", {"a.md": b"\xef\xbb\xbfx \r\ny\r\n\r\n"}
    )
    assert one == other


def test_the_skeleton_is_the_prompts_own_text():
    own = "Make <include>a.md</include>.\n<pdd>why</pdd>\n"
    tail = (
        "<pdd-dependency>q</pdd-dependency>\n\n<pdd>auto-deps begin</pdd>\n"
        f"<include>{EXAMPLE}</include>\n<pdd>auto-deps end</pdd>\n"
    )
    files = {"a.md": "A", str(EXAMPLE): "E"}
    found = expanded(own + tail, files)
    assert found.skeleton == "Make <include>a.md</include>.\n"
    assert found.skeleton == expanded(own, files).skeleton
    assert found.block == (EXAMPLE,)
    assert "<pdd" not in found.text
    assert "E\n</file>" in found.text


def test_what_another_unit_will_write_may_be_absent():
    text = f"a\n<include>{EXAMPLE}</include>\n"
    found = expanded(text, {}, expected=[EXAMPLE])
    assert found.absent == (EXAMPLE,)
    assert found.injected == (Injected(path=EXAMPLE, select="", text=""),)
    assert expanded(text, {str(EXAMPLE): "x"}, expected=[EXAMPLE]).absent == ()


def test_an_optional_file_may_be_absent():
    found = expanded('a\n<include path="a.md" optional/>\nb', {})
    assert (found.text, found.injected, found.absent) == ("a\nb\n", (), ())


def test_definitions_are_asked_of_the_slicer():
    found = expanded(
        '<include path="a.py" select="def:f"/>',
        {"a.py": "..."},
        slicer=lambda _path, _text, kind, name: f"{kind}={name}",
    )
    assert "\ndef=f\n" in found.text


def test_a_missing_file_is_named_with_its_line():
    error = refused("a\n<include>docs/y.md</include>", {})
    assert error.message == f"{PROMPT}:2: included file docs/y.md does not exist"
    assert error.hint == "create docs/y.md, or take the include out"


@pytest.mark.parametrize(
    "files, hint",
    [
        pytest.param({"prompts/y.md": "x"}, "write prompts/y.md", id="beside"),
        pytest.param({"prompts/y.md": OSError}, "create y.md", id="beside-no-file"),
    ],
)
def test_a_path_from_the_prompts_folder_is_explained(files, hint):
    assert hint in refused("<include>y.md</include>", files).hint


def test_a_misspelt_example_is_explained():
    error = refused("<include>examples/g_example.py</include>", {}, expected=[EXAMPLE])
    assert error.hint.startswith(f"write {EXAMPLE}")


def test_a_prompt_that_includes_itself_is_refused():
    error = refused(f"\n<include>{PROMPT}</include>", {str(PROMPT): "x"})
    assert error.message == f"{PROMPT}:2: includes itself"


def test_a_circle_is_named_with_all_its_lines():
    files = {
        "a.md": "\n<include>b.md</include>",
        "b.md": "\n\n<include>a.md</include>",
    }
    error = refused("<include>a.md</include>", files)
    assert error.message == (
        f"b.md:3: includes go in a circle: {PROMPT}:1 → a.md:2 → b.md:3 → a.md"
    )


def test_a_problem_in_an_included_file_is_placed_there():
    error = refused("<include>a.md</include>", {"a.md": "\n<include>b</include>"})
    assert error.message.startswith("a.md:2: ")


def test_a_problem_in_a_part_names_the_part():
    files = {"a.md": "x\n<include>b</include>"}
    error = refused('<include path="a.md" select="lines:2"/>', files)
    assert error.message.startswith("a.md[lines:2]:1: ")


def test_what_is_made_from_the_prompt_is_not_included():
    own = PurePosixPath("src/x.py")
    error = refused("<include>src/x.py</include>", {"src/x.py": "1"}, own=[own])
    assert "src/x.py is made from this prompt" in error.message


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/etc/passwd", id="absolute"),
        pytest.param("../x.md", id="up"),
        pytest.param("docs/../../x.md", id="down-and-up"),
        pytest.param("..", id="parent"),
        pytest.param(".", id="the-root"),
        pytest.param("C:\\x.md", id="backslash"),
        pytest.param("<a>", id="a-tag"),
    ],
)
def test_a_path_that_leaves_the_project_is_refused(path):
    error = refused(f"<include>{path}</include>", {})
    assert f"{PROMPT}:1: the included path {path!r} is not inside" in error.message


@pytest.mark.parametrize(
    "include, data, problem",
    [
        pytest.param("a.md", b"\xff\xfe", "a.md is not UTF-8 text", id="bytes"),
        pytest.param("a.md", OSError, "a.md is not a plain file", id="folder"),
    ],
)
def test_a_file_that_is_no_text_is_refused(include, data, problem):
    error = refused(f"<include>{include}</include>", {"a.md": data})
    assert error.message.startswith(f"{PROMPT}:1: ")
    assert problem in error.message


def test_a_part_that_is_not_there_is_refused():
    error = refused('<include path="a.md" select="section:Z"/>', {"a.md": "x"})
    assert error.message == f"{PROMPT}:1: include of a.md: there is no section 'Z'"


def test_nesting_has_a_limit():
    files = {
        f"{n}.md": f"<include>{n + 1}.md</include>" for n in range(DEPTH_LIMIT + 9)
    }
    assert "nested more than" in refused("<include>0.md</include>", files).message


def test_size_has_a_limit():
    files = {"a.md": "x" * (SIZE_LIMIT // 2)}
    text = "<include>a.md</include>\n" * 3
    assert "it is longer than" in refused(text, files).message


def test_included_files_are_told_without_reading_them():
    text = "a\n<include>./a.md</include>\n<include-many>b,c</include-many>`<include>`"
    found = [(str(path), line) for path, line in included(PROMPT, text)]
    assert found == [("a.md", 2), ("b", 3), ("c", 3)]
