import base64
import json
import re
from urllib.parse import quote

import pytest

from pdd_tasks.core.prompt.redact import Redactor, is_redacted, marks_in


SECRET = 'p4ss/w"rd+é\\1234'  # noqa: S105 - nobody's
KNOWN = Redactor.of({"DB_PASSWORD": SECRET})
LONG = "k9Zt4Qm2Xw7Rb1Lf8Vc3"
NONE = Redactor.of({})
DIGITS = "a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6"


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(SECRET, id="raw"),
        pytest.param(json.dumps(SECRET)[1:-1], id="json-ascii"),
        pytest.param(json.dumps(SECRET, ensure_ascii=False)[1:-1], id="json"),
        pytest.param(quote(SECRET, safe=""), id="url"),
        pytest.param(base64.b64encode(SECRET.encode()).decode(), id="base64"),
        pytest.param(
            base64.urlsafe_b64encode(SECRET.encode()).decode().rstrip("="),
            id="base64-for-urls",
        ),
        pytest.param(SECRET.encode().hex(), id="hex"),
        pytest.param(SECRET.encode().hex().upper(), id="upper-hex"),
    ],
)
def test_a_known_secret_is_found_in_every_encoding(form):
    found = KNOWN.text(f"before {form} after")
    assert found.rstrip("=").startswith("before [redacted:DB_PASSWORD]")
    assert found.endswith(" after")


@pytest.mark.parametrize(
    "name, text",
    [
        pytest.param("anthropic_key", f"sk-ant-api03-{DIGITS}", id="anthropic"),
        pytest.param("openrouter_key", f"sk-or-v1-{DIGITS}", id="openrouter"),
        pytest.param("openai_key", f"sk-proj-{DIGITS}", id="openai"),
        pytest.param("stripe_key", f"sk_live_{DIGITS}", id="stripe"),
        pytest.param("github_token", f"ghp_{DIGITS}", id="github"),
        pytest.param("github_token", f"github_pat_{DIGITS}", id="github-fine"),
        pytest.param("gitlab_token", f"glpat-{DIGITS}", id="gitlab"),
        pytest.param("aws_key_id", "AKIAABCDEFGHIJKLMNOP", id="aws"),
        pytest.param("google_key", f"AIza{DIGITS}", id="google"),
        pytest.param("google_token", f"ya29.{DIGITS}", id="google-token"),
        pytest.param("slack_token", f"xoxb-{DIGITS}", id="slack"),
        pytest.param(
            "slack_hook", f"hooks.slack.com/services/{DIGITS}", id="slack-hook"
        ),
        pytest.param("huggingface_token", f"hf_{DIGITS}", id="huggingface"),
        pytest.param("groq_key", f"gsk_{DIGITS}", id="groq"),
        pytest.param("xai_key", f"xai-{DIGITS}", id="xai"),
        pytest.param("perplexity_key", f"pplx-{DIGITS}", id="perplexity"),
        pytest.param("replicate_token", f"r8_{DIGITS}", id="replicate"),
        pytest.param("npm_token", f"npm_{DIGITS}", id="npm"),
        pytest.param("pypi_token", f"pypi-{DIGITS}", id="pypi"),
        pytest.param("sendgrid_key", f"SG.{DIGITS}.{DIGITS}", id="sendgrid"),
        pytest.param("jwt", f"eyJ{DIGITS}.eyJ{DIGITS}.{DIGITS}", id="jwt"),
        pytest.param(
            "private_key",
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4\nMII=\n"
            "-----END RSA PRIVATE KEY-----",
            id="private-key",
        ),
    ],
)
def test_what_is_shaped_like_a_key_is_redacted(name, text):
    assert NONE.text(f"use {text}, then") == f"use [redacted:{name}], then"


def test_a_password_in_an_address_is_redacted_and_the_address_stays():
    found = NONE.text("postgres://me:hunter22@db.example/x")
    assert found == "postgres://me:[redacted:url_password]@db.example/x"


def test_a_key_after_an_escaped_newline_is_redacted():
    assert NONE.text(f"a\\nghp_{DIGITS}") == "a\\n[redacted:github_token]"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a task-1234567890-abcdefghij-klm is not a key", id="inside-word"),
        pytest.param("sk-learn-with-a-very-long-hyphenated-name", id="no-digit"),
        pytest.param("hf_download_the_whole_model_now", id="identifier"),
        pytest.param("the bearer of bad-news-is-often-shot-at-dawn", id="prose"),
        pytest.param("http://localhost:8080/path@1.2", id="port"),
        pytest.param("def add(a: int, b: int) -> int:", id="code"),
        pytest.param("", id="empty"),
    ],
)
def test_ordinary_text_is_left_alone(text):
    assert NONE.text(text) == text
    assert not is_redacted(NONE.text(text))


def test_the_longer_of_two_secrets_is_replaced_whole():
    both = Redactor.of({"A_KEY": "abcdefgh1", "B_KEY": "abcdefgh1-and-more"})
    assert both.text("abcdefgh1-and-more") == "[redacted:B_KEY]"
    assert both.text("abcdefgh1") == "[redacted:A_KEY]"


def test_a_secret_of_several_lines_is_replaced_whole():
    key = "line one 1\nline two 2"
    assert Redactor.of({"KEY": key}).text(f"<{key}>") == "<[redacted:KEY]>"


def test_a_text_that_was_redacted_says_so():
    assert is_redacted(KNOWN.text(SECRET))


@pytest.mark.parametrize(
    "value, gone",
    [
        pytest.param("s3cret-value", True, id="letters-and-digits"),
        pytest.param("correcthorsebatterystaple", True, id="long"),
        pytest.param("postgres", False, id="a-word-of-the-program"),
        pytest.param("/run/secrets/database_1", False, id="a-path"),
        pytest.param("https://keys.example/v1/abc", False, id="an-address"),
    ],
)
def test_a_reply_loses_only_what_no_program_says_by_chance(value, gone):
    redactor = Redactor.of({"THE_KEY": value})
    expected = "x = '[redacted:THE_KEY]'" if gone else f"x = '{value}'"
    assert redactor.reply(f"x = '{value}'") == expected
    assert redactor.text(f"x = '{value}'") == "x = '[redacted:THE_KEY]'"


def test_a_reply_loses_the_digits_of_a_word_that_it_may_say():
    redactor = Redactor.of({"THE_KEY": "postgres"})
    assert redactor.reply(f"x = '{b'postgres'.hex()}'") == "x = '[redacted:THE_KEY]'"


def test_a_reply_keeps_what_is_only_shaped_like_a_key():
    assert KNOWN.reply(f"token = 'ghp_{DIGITS}'") == f"token = 'ghp_{DIGITS}'"


def test_a_redactor_does_not_show_its_secrets():
    assert SECRET not in repr(KNOWN)


def test_marks_are_keyed_so_that_two_logs_can_be_compared():
    one = Redactor.of({"A_KEY": SECRET, "B_KEY": "other-value-1"}, key=lambda: b"one")
    two = Redactor.of({"A_KEY": SECRET}, key=lambda: b"two")
    found = one.text(SECRET)
    assert re.fullmatch(r"\[redacted:A_KEY#[0-9a-f]{4}\]", found)
    assert one.text(SECRET.encode().hex()) == found
    assert two.text(SECRET) != found
    assert one.text("other-value-1")[-6:] != found[-6:]


def test_the_key_is_not_asked_for_before_it_is_needed():
    def missing():
        raise AssertionError

    assert Redactor.of({"A": SECRET}, key=missing).text("nothing here") == (
        "nothing here"
    )


@pytest.mark.parametrize(
    "secrets",
    [
        pytest.param({"A_KEY": "redacted"}, id="the-word-of-a-mark"),
        pytest.param({"B": "DB_PASSWORD"}, id="a-name-in-a-mark"),
        pytest.param({"B": "[redacted:DB_PASSWORD"}, id="its-beginning"),
    ],
)
def test_what_was_redacted_once_stays_as_it_is(secrets):
    once = KNOWN.text(f"a {SECRET} b")
    assert Redactor.of(secrets).text(once) == once


def test_two_values_of_one_name_are_both_hidden():
    both = Redactor.of([("A_KEY", "value-one-1"), ("A_KEY", "value-two-2")])
    assert both.text("value-one-1 value-two-2") == "[redacted:A_KEY] [redacted:A_KEY]"


def test_secrets_that_overlap_leave_nothing_of_either():
    both = Redactor.of({"A_KEY": "abcdefgh1", "B_KEY": "gh1zzzzzzzz"})
    assert both.text("-abcdefgh1zzzzzzzz-") == "-[redacted:A_KEY]-"


def test_a_known_name_goes_before_a_shape():
    key = f"sk-{DIGITS}"
    known = Redactor.of({"MY_KEY": key})
    assert known.text(f"token = {key}") == "token = [redacted:MY_KEY]"
    assert known.text(f"sk-{key}9") == "[redacted:MY_KEY]"


def test_a_name_that_would_end_a_mark_is_spelt_otherwise():
    assert Redactor.of({"a]b c": SECRET}).text(SECRET) == "[redacted:a_b_c]"


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(LONG, id="raw"),
        pytest.param(LONG.encode().hex(), id="hex"),
        pytest.param(base64.b64encode(LONG.encode()).decode()[:-1], id="base64"),
    ],
)
def test_half_a_key_is_a_key(form):
    known = Redactor.of({"A_KEY": LONG})
    for size in range(max(12, (len(form) + 1) // 2), len(form)):
        assert known.text(f"{form[:size]}...") == "[redacted:A_KEY]..."
        assert known.text(f"...{form[-size:]}") == "...[redacted:A_KEY]"


@pytest.mark.parametrize("cut", ["...", "…", "\n", ""])
def test_less_than_half_is_hidden_where_a_text_was_cut(cut):
    known = Redactor.of({"A_KEY": LONG})
    for size in range(8, len(LONG)):
        assert known.text(f"a {LONG[:size]}{cut}") == f"a [redacted:A_KEY]{cut}"
        assert known.text(f"{cut}{LONG[-size:]} b") == f"{cut}[redacted:A_KEY] b"


def test_less_than_half_of_a_key_and_half_a_word_stay():
    part = f"{LONG[:9]} {LONG[-9:]}!"
    assert Redactor.of({"A_KEY": LONG}).text(part) == part
    word = Redactor.of({"A_KEY": "administrators"})
    assert word.text("administrator") == "administrator"


def test_names_of_known_secrets_in_a_text():
    known = Redactor.of({"A_KEY": LONG, "B_KEY": SECRET})
    assert known.names(f"x{LONG}y") == {"A_KEY"}
    assert known.names(f"{LONG[:-2]} x ghp_{DIGITS}") == frozenset()


def test_marks_are_told_apart():
    assert marks_in("a [redacted:X] b [redacted:Y#01ab] c [redacted:") == {
        "[redacted:X]",
        "[redacted:Y#01ab]",
    }
    assert marks_in("nothing") == frozenset()


def test_what_is_too_short_is_no_secret():
    assert Redactor.of({"A_KEY": "1234567"}).text("1234567") == "1234567"
