import pytest

from pdd_tasks.core.prompt.secret import (
    is_distinct,
    is_plain,
    is_secret_name,
    secrets_in_settings,
    secrets_of,
)


@pytest.mark.parametrize(
    "name, secret",
    [
        pytest.param("OPENAI_API_KEY", True, id="key"),
        pytest.param("apikey", True, id="one-word"),
        pytest.param("clientSecret", True, id="camel"),
        pytest.param("github_token", True, id="any-case"),
        pytest.param("DB_PASSWD", True, id="passwd"),
        pytest.param("MYSQL_PWD", True, id="pwd"),
        pytest.param("SENTRY_DSN", True, id="dsn"),
        pytest.param("NPM_AUTH", True, id="auth"),
        pytest.param("GH_PAT", True, id="pat"),
        pytest.param("MY_CREDENTIALS", True, id="credential"),
        pytest.param("PWD", False, id="folder"),
        pytest.param("OLDPWD", False, id="old-folder"),
        pytest.param("PATH", False, id="path"),
        pytest.param("GIT_AUTHOR_NAME", False, id="author"),
        pytest.param("HOME", False, id="home"),
        pytest.param("COMPASS", False, id="inside-a-word"),
    ],
)
def test_names_tell_secrets(name, secret):
    assert is_secret_name(name) is secret


@pytest.mark.parametrize(
    "name, value, kept",
    [
        pytest.param("API_KEY", "12345678", True, id="eight"),
        pytest.param("API_KEY", "1234567", False, id="too-short"),
        pytest.param("API_KEY", "  1234567   ", False, id="too-short-but-for-blanks"),
        pytest.param("HOME", "/home/someone", False, id="innocent-name"),
    ],
)
def test_secrets_of_an_environment(name, value, kept):
    assert secrets_of({name: value}) == ({name: value} if kept else {})


@pytest.mark.parametrize(
    "value, distinct, plain",
    [
        pytest.param("s3cret-value", True, False, id="letters-and-digits"),
        pytest.param("correcthorsebatterystaple", True, False, id="long"),
        pytest.param("postgres", False, True, id="a-word"),
        pytest.param("a1a1a1a1a1a1a1a1a1a1a1", False, False, id="dull"),
        pytest.param("12345678", False, True, id="a-number"),
        pytest.param("/run/secrets/database_1", False, True, id="a-path"),
        pytest.param("../over/there/1", False, True, id="a-path-upwards"),
        pytest.param("https://keys.example/v1/abc", False, True, id="an-address"),
        pytest.param("https://me:pw@keys.example/v1", True, False, id="with-password"),
        pytest.param("localhost:5432", True, False, id="an-address-with-a-port"),
    ],
)
def test_values_tell_whether_they_occur_by_chance(value, distinct, plain):
    assert is_distinct(value) is distinct
    assert is_plain(value) is plain


def test_settings_are_read_line_by_line_and_broken_files_too():
    text = """\
version: "1.0"
defaults: {broken
  api_key: "planted-in-quotes"  # said a person
  - client_secret: 'planted-single'
  password=planted-by-equals
  max_tokens: 16000
  token:
  title: not-a-secret-at-all
  environment: {A_TOKEN: planted-in-braces, B: "x", C_KEY: 'planted, too'}
"""
    found = list(secrets_in_settings(text))
    assert ("A_TOKEN", "planted-in-braces") in found
    assert ("C_KEY", "planted, too") in found
    assert [pair for pair in found if pair[0].islower()] == [
        ("api_key", "planted-in-quotes"),
        ("client_secret", "planted-single"),
        ("password", "planted-by-equals"),
    ]
