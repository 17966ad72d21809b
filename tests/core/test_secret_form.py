import base64
import html
import json
import shlex
from urllib.parse import quote, quote_plus

import pytest

from pdd_tasks.core.prompt.secret_form import forms


SECRET = "p4ss/w\"rd+é\\12'34 <&>"  # noqa: S105 - nobody's


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(SECRET, id="raw"),
        pytest.param(json.dumps(SECRET)[1:-1], id="json-ascii"),
        pytest.param(json.dumps(SECRET, ensure_ascii=False)[1:-1], id="json"),
        pytest.param(json.dumps(SECRET)[1:-1].replace("/", "\\/"), id="json-slash"),
        pytest.param(json.dumps(json.dumps(SECRET))[3:-3], id="json-in-json"),
        pytest.param(quote(SECRET, safe=""), id="url"),
        pytest.param(quote(SECRET), id="url-path"),
        pytest.param(quote_plus(SECRET), id="url-query"),
        pytest.param("p4ss%2fw%22rd%2b%c3%a9%5c12%2734%20%3c%26%3e", id="url-small"),
        pytest.param(html.escape(SECRET), id="html"),
        pytest.param(html.escape(SECRET, quote=False), id="html-text"),
        pytest.param(repr(SECRET)[1:-1], id="repr"),
        pytest.param(ascii(SECRET)[1:-1], id="ascii"),
        pytest.param(repr(SECRET.encode())[2:-1], id="bytes"),
        pytest.param(shlex.quote(SECRET)[1:-1], id="shell"),
        pytest.param(SECRET.encode().hex(), id="hex"),
        pytest.param(SECRET.encode().hex().upper(), id="upper-hex"),
    ],
)
def test_a_value_has_a_form_in_every_encoding(form):
    assert form in forms(SECRET)


@pytest.mark.parametrize("before", [b"", b"x", b"xy", b"xyz", b"user:"])
@pytest.mark.parametrize("after", [b"", b"\n", b"ab"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_a_value_is_found_in_base64_wherever_it_begins(before, after, encode):
    text = encode(before + SECRET.encode() + after).decode()
    assert any(form in text for form in forms(SECRET))


def test_base64_in_lines_is_found_line_by_line():
    value = "".join(f"{n:08x}" for n in range(40))
    lines = base64.encodebytes(value.encode()).decode().splitlines()
    assert {line.rstrip("=") for line in lines} <= forms(value)


def test_a_value_of_several_lines_is_hidden_line_by_line_but_for_what_all_have():
    value = "-----BEGIN X KEY-----\nabcdefghijklmnop\nq1w2e3r4t5\nshort\nwordwordword\n"
    found = forms(value)
    assert {"abcdefghijklmnop", "q1w2e3r4t5"} <= found
    assert not {"-----BEGIN X KEY-----", "short", "wordwordword"} & found


def test_the_fields_of_a_json_value_are_hidden_one_by_one():
    fields = {
        "type": "service_account",
        "private_key": "line-one-of-it-1\nline-two-of-it-2",
        "client_secret": "justwords",
        "auth_uri": "https://accounts.example/auth",
        "list": [{"id": "123abc456def"}, 7],
    }
    found = forms(json.dumps(fields))
    assert {"line-one-of-it-1", "justwords", "123abc456def"} <= found
    assert not {"service_account", "https://accounts.example/auth"} & found


@pytest.mark.parametrize("value", ["{not json at all", '{"a": "b"}', "[1, 2, 3, 4]"])
def test_what_only_begins_like_json_is_a_value(value):
    assert value in forms(value)


def test_a_form_is_never_short():
    assert all(len(form) >= 8 for form in forms("a\nb\ncdefghij\n"))


def test_bytes_that_are_no_text_have_forms():
    assert "\udcffabcdefg" in forms("\udcffabcdefg")
