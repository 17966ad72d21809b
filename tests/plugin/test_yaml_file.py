import pytest

from pdd_tasks.errors import ConfigError
from pdd_tasks.plugin.yaml_file import YamlFile, said, unknown_key


def test_a_file_is_read(tmp_path):
    (tmp_path / "a.yaml").write_text("a: 1\nb: [x]\n")
    file = YamlFile.read(tmp_path / "a.yaml", "dir/a.yaml")
    assert file is not None
    assert file.values == {"a": 1, "b": ["x"]}
    assert file.where("b") == "dir/a.yaml:2"


def test_a_file_that_is_not_there_is_none(tmp_path):
    assert YamlFile.read(tmp_path / "a.yaml", "a.yaml") is None


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        YamlFile.read(tmp_path, "a.yaml")


@pytest.mark.parametrize(
    "data", [pytest.param(b"", id="empty"), pytest.param(b"# x\n", id="comment")]
)
def test_an_empty_file_has_no_keys(data):
    file = YamlFile("a.yaml", data)
    assert file.values == {}
    assert file.where("a") == "a.yaml:1"


@pytest.mark.parametrize(
    "data, message",
    [
        pytest.param(
            b"a: 1\n\na: 2", "a.yaml:3: the key 'a' is given twice", id="twice"
        ),
        pytest.param(
            b"a:\n  b: 1\n  'b': 2", "a.yaml:3: the key 'b'", id="twice-below"
        ),
        pytest.param(b"- 1", "a.yaml:1: the file holds a list", id="list"),
        pytest.param(b"text", "a.yaml:1: the file holds 'text'", id="text"),
        pytest.param(b"a: 1\nb: [}", "a.yaml:2: ", id="broken"),
        pytest.param(b"a:\n\t- b", "a.yaml:2: found character", id="tab"),
        pytest.param(b"a: *x", "a.yaml:1: found undefined alias", id="alias"),
        pytest.param(b"a: !!python/name:os.system x", "a.yaml:1: ", id="tag"),
        pytest.param(b"[1]: 2", "a.yaml:1: found unhashable key", id="list-as-key"),
        pytest.param(b"a: 1\n---\nb: 2", "a.yaml:2: ", id="two-documents"),
        pytest.param(b"a: \xe9", "a.yaml is not UTF-8 text", id="latin-1"),
        pytest.param(b"a: \x00", "a.yaml is not UTF-8 text", id="null"),
        pytest.param(b"a: 2024-13-45", "a.yaml is broken YAML: month", id="date"),
        pytest.param(
            b"a: " + b"[" * 9000 + b"]" * 9000, "a.yaml is nested too deeply", id="deep"
        ),
    ],
)
def test_a_broken_file_is_named_with_its_line(data, message):
    with pytest.raises(ConfigError) as caught:
        YamlFile("a.yaml", data)
    assert caught.value.message.startswith(message)
    assert caught.value.hint


def test_the_line_of_a_key_is_found():
    file = YamlFile("a.yaml", b"a: &x\n  b:\n    - 1\n    - c: 2\nd: *x\n")
    lines = {
        keys: file.where(*keys)
        for keys in [("a",), ("a", "b"), ("a", "b", 1), ("a", "b", 1, "c"), ("d", "b")]
    }
    assert list(lines.values()) == [f"a.yaml:{line}" for line in (1, 2, 4, 4, 2)]


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param(("b", "z"), id="unknown-key"),
        pytest.param(("b", "c", 9), id="no-list"),
        pytest.param(("b", "l", 9), id="after-the-list"),
        pytest.param(("b", "l", "x"), id="name-in-a-list"),
    ],
)
def test_the_line_of_an_unknown_key_is_the_nearest_above(keys):
    file = YamlFile("a.yaml", b"a: 1\nb: {c: 1, l: [1]}\n")
    assert file.where(*keys) == "a.yaml:2"


@pytest.mark.parametrize(
    "key, problem, hint",
    [
        pytest.param("colour", "the nearest is 'color'", "write color", id="near"),
        pytest.param("zzz", "unknown key 'zzz'", "known are color, size", id="far"),
        pytest.param(7, "unknown key '7'", "remove it", id="number"),
    ],
)
def test_an_unknown_key_names_the_nearest(key, problem, hint):
    file = YamlFile("a.yaml", f"x: 1\n{key}: 1".encode())
    error = unknown_key(file, (key,), {"size", "color"})
    assert error.message.startswith("a.yaml:2: ")
    assert problem in error.message
    assert hint in error.hint


@pytest.mark.parametrize(
    "value, text",
    [
        pytest.param(None, "empty", id="none"),
        pytest.param(True, "yes", id="true"),
        pytest.param(False, "no", id="false"),
        pytest.param({}, "a mapping", id="mapping"),
        pytest.param([], "a list", id="list"),
        pytest.param("a", "'a'", id="text"),
        pytest.param(1.5, "1.5", id="number"),
        pytest.param("x" * 99, "'" + "x" * 56 + "...", id="long"),
    ],
)
def test_values_are_said_in_a_few_words(value, text):
    assert said(value) == text
