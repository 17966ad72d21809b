import pytest

from pdd_tasks.core.model.text_style import plain, styled


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"a\nb\n", id="lf"),
        pytest.param(b"a\r\nb\r\n", id="crlf"),
        pytest.param(b"a\r\nb\n", id="mixed"),
        pytest.param(b"\xef\xbb\xbfa\r\n", id="mark and crlf"),
        pytest.param(b"a\rb", id="lone cr"),
        pytest.param("é\n".encode(), id="not ascii"),
    ],
)
def test_what_was_not_changed_comes_back_byte_for_byte(data):
    assert styled(plain(data), data) == data


def test_what_is_added_takes_the_style_of_the_file():
    old = b"\xef\xbb\xbfa = 1\r\n"

    assert styled(plain(old) + "b = 2\n", old) == old + b"b = 2\r\n"


def test_bytes_that_are_no_utf8_are_refused():
    with pytest.raises(UnicodeDecodeError):
        plain(b"caf\xe9")
