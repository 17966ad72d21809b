import pytest

from pdd_tasks.core.prompt.dotenv import dotenv_entries, dotenv_secrets


@pytest.mark.parametrize(
    "text, entries",
    [
        pytest.param("A=one", [("A", "one")], id="bare"),
        pytest.param("A = one  # why", [("A", "one")], id="comment"),
        pytest.param("A=one#two", [("A", "one#two")], id="no-comment"),
        pytest.param("export A=one", [("A", "one")], id="export"),
        pytest.param("A: one", [("A", "one")], id="colon"),
        pytest.param("A='$B \\n'", [("A", "$B \\n")], id="literal"),
        pytest.param('A="a\\nb\\"c\\\\\\$"', [("A", 'a\nb"c\\$')], id="escapes"),
        pytest.param('A="one\ntwo"\nB=x', [("A", "one\ntwo"), ("B", "x")], id="lines"),
        pytest.param("A=`one 'two'`", [("A", "one 'two'")], id="ticks"),
        pytest.param("A=''", [("A", "")], id="empty"),
        pytest.param("A=\nB=x", [("A", ""), ("B", "x")], id="nothing"),
        pytest.param("A=one\r\nB=two\r\n", [("A", "one"), ("B", "two")], id="windows"),
        pytest.param("\ufeffA=one", [("A", "one")], id="mark"),
        pytest.param("A=1\nA=2", [("A", "1"), ("A", "2")], id="twice"),
        pytest.param('A="open\nB=x', [("A", "open"), ("B", "x")], id="unclosed"),
        pytest.param("# A=one\n\nnothing here", [], id="no-entries"),
    ],
)
def test_entries_are_read_as_they_are_meant(text, entries):
    assert list(dotenv_entries(text)) == entries


def test_an_entry_is_secret_by_its_name_or_because_it_is_not_plain():
    text = """\
DB_PASSWORD=postgres
DATABASE_URL=postgres://me:hunter22@db/x
SESSION=a1b2c3d4e5
APP_ENV=production
HOST=localhost
PORT=5432
TIMEOUT=1234567890
DATA=/srv/data/of/this/project
SITE=https://example.com/path
TOKEN=short
"""
    found = [name for name, _ in dotenv_secrets(text)]
    assert found == ["DB_PASSWORD", "DATABASE_URL", "SESSION"]
