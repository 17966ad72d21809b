import base64
import json
from urllib.parse import quote

import pytest

from pdd_tasks.core.prompt.redact import Redactor, is_redacted, secrets_of


SECRET = 'p4ss/w"rd+é\\1234'  # noqa: S105 - nobody's
KNOWN = Redactor.of({"DB_PASSWORD": SECRET})
NONE = Redactor.of({})
DIGITS = "a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6"


@pytest.mark.parametrize(
    "name, value, kept",
    [
        pytest.param("OPENAI_API_KEY", "12345678", True, id="key"),
        pytest.param("github_token", "12345678", True, id="any-case"),
        pytest.param("DB_PASSWD", "12345678", True, id="passwd"),
        pytest.param("MY_CREDENTIALS", "12345678", True, id="credential"),
        pytest.param("CLIENT_SECRET", "12345678", True, id="secret"),
        pytest.param("API_KEY", "1234567", False, id="too-short"),
        pytest.param("API_KEY", "  1234567   ", False, id="too-short-but-for-blanks"),
        pytest.param("HOME", "/home/someone", False, id="innocent-name"),
    ],
)
def test_secrets_are_picked_by_name_and_length(name, value, kept):
    assert secrets_of({name: value}) == ({name: value} if kept else {})


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
        pytest.param("bearer", f"Bearer {DIGITS}", id="bearer"),
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
    assert found == "postgres://[redacted:url_password]@db.example/x"


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


def test_a_reply_keeps_what_is_only_shaped_like_a_key():
    assert KNOWN.reply(f"token = 'ghp_{DIGITS}'") == f"token = 'ghp_{DIGITS}'"


def test_a_redactor_does_not_show_its_secrets():
    assert SECRET not in repr(KNOWN)
