import pytest

from pdd_tasks.core.model.artifact import Artifact, Digest, UnitId, text_digest


TEXT = b"def add(a, b):\n\n    return a + b\n"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(TEXT.replace(b"\n", b"\r\n"), id="crlf"),
        pytest.param(TEXT.replace(b"\n", b"\r"), id="cr"),
        pytest.param(b"\xef\xbb\xbf" + TEXT, id="byte-order-mark"),
        pytest.param(TEXT.replace(b"\n", b" \t\n"), id="trailing-blanks"),
        pytest.param(TEXT.removesuffix(b"\n"), id="no-final-newline"),
        pytest.param(TEXT + b"\n\n", id="blank-lines-at-the-end"),
        pytest.param(TEXT.removesuffix(b"\n") + b"  ", id="blanks-at-the-very-end"),
    ],
)
def test_what_no_reader_sees_is_equal_text_and_other_bytes(data):
    assert Digest.of(data).text == Digest.of(TEXT).text
    assert Digest.of(data).raw != Digest.of(TEXT).raw


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(TEXT.replace(b"\n\n", b"\n"), id="blank-line-taken-out"),
        pytest.param(TEXT.replace(b"    ", b"  "), id="indentation"),
        pytest.param(b"\n" + TEXT, id="blank-line-before"),
        pytest.param(TEXT.replace(b"+", b"-"), id="a-word"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_what_a_reader_sees_is_other_text(data):
    assert Digest.of(data).text != Digest.of(TEXT).text


def test_the_digest_of_a_string_is_the_text_digest_of_its_bytes():
    assert text_digest("grün\r\n") == Digest.of("grün\n".encode()).text


def test_the_raw_digest_is_plain_sha256():
    known = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert Digest.of(b"").raw == known


def test_a_digest_is_parsed_from_its_own_form():
    digest = Digest.of(TEXT)
    assert Digest.parse(str(digest)) == digest


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("a" * 64, id="raw-only"),
        pytest.param(f"sha256:{'a' * 64} text:{'b' * 63}", id="short"),
        pytest.param(f"sha256:{'A' * 64} text:{'b' * 64}", id="capitals"),
        pytest.param(f"sha256:{'a' * 64} text:{'b' * 64}\n", id="newline"),
    ],
)
def test_another_form_is_no_digest(text):
    with pytest.raises(ValueError, match="not a digest"):
        Digest.parse(text)


def test_a_unit_is_named_by_basename_and_language():
    unit = UnitId("backend/api/widget", "typescript")
    assert str(unit) == "backend/api/widget_typescript"
    assert unit.leaf == "widget"
    assert UnitId("calculator", "python").leaf == "calculator"


def test_units_sort_by_basename_then_language():
    units = [UnitId("b", "go"), UnitId("a", "rust"), UnitId("a", "go")]
    assert [str(unit) for unit in sorted(units)] == ["a_go", "a_rust", "b_go"]


def test_there_are_four_artifacts():
    assert [str(a) for a in Artifact] == ["prompt", "code", "example", "tests"]
