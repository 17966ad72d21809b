import sysconfig
from pathlib import Path

import pytest

from pdd_tasks.core.prompt.redact import Redactor
from pdd_tasks.plugin import redaction
from pdd_tasks.plugin.redaction import Redaction, folders_of


PLUGIN = Path(redaction.__file__).parent


def hidden(secrets, text):
    """Return the names that stand where secrets stood, without their digits."""
    found = secrets.said(text)
    return [part.partition("#")[0] for part in found.split("[redacted:")[1:]]


def test_secrets_come_from_everywhere(tmp_path):
    (tmp_path / ".env").write_text("DB=postgres-pw-1x\nSTAGE=production\n")
    (tmp_path / ".env.local").write_text("LOCAL_KEY=local-value\n")
    (tmp_path / ".envrc").write_text("export RC_TOKEN='direnv-value'\n")
    (tmp_path / ".env.example").write_text("SAMPLE_KEY=your-key-here\n")
    (tmp_path / ".pddrc").write_text("a:\n  my_secret: setting-value\n")
    (tmp_path / "languages.yaml").write_text("environment: {X_TOKEN: lang-value}\n")
    secrets = Redaction(
        (tmp_path, tmp_path / "nowhere"),
        {"api_key": "variable-value", "MY_KEY": "one-of-two-values"},
        {"MY_KEY": "two-of-two-values", "HOME": "/home/somebody"},
    )
    text = (
        "postgres-pw-1x local-value direnv-value setting-value lang-value"
        " variable-value one-of-two-values two-of-two-values"
    )
    names = ["DB", "LOCAL_KEY", "RC_TOKEN", "my_secret", "X_TOKEN", "api_key"]
    assert hidden(secrets, text) == [*names, "MY_KEY", "MY_KEY"]
    plain = "production your-key-here /home/somebody"
    assert secrets.said(plain) == plain


def test_what_is_no_text_holds_no_secrets(tmp_path):
    (tmp_path / ".env").mkdir()
    (tmp_path / ".env.big").write_bytes(b"KEY=abcdefghijk\n" * 100_000)
    (tmp_path / ".env.odd").write_bytes(b"ODD_KEY=\xff\xfeabcdefgh\n")
    secrets = Redaction((tmp_path,), {}, {})
    assert secrets.said("abcdefghijk") == "abcdefghijk"
    assert hidden(secrets, "\udcff\udcfeabcdefgh") == ["ODD_KEY"]


def test_a_mark_in_a_file_keeps_its_key_and_one_on_the_terminal_does_not(tmp_path):
    secrets = Redaction((tmp_path,), {}, {"MY_KEY": "value-of-it"})
    said = secrets.said("value-of-it")
    assert not (tmp_path / ".pdd").exists()
    assert secrets.written(tmp_path)("value-of-it") == said
    again = Redaction((tmp_path,), {}, {"MY_KEY": "value-of-it"})
    assert again.said("value-of-it") == said


def test_without_a_project_the_environment_counts(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert hidden(Redaction((), {}, {"MY_KEY": "value-of-it"}), "value-of-it") == [
        "MY_KEY"
    ]


def test_folders_are_found_before_units_are(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    (tmp_path / "three").write_text("no folder")
    assert folders_of(tmp_path, (".", "t*")) == (
        tmp_path,
        tmp_path / ".",
        tmp_path / "two",
    )


def test_no_error_is_said_as_it_is():
    plain = ("InvalidCommand(str(", "InvalidDodoFile(str(", 'stderr.write(f"{error}')
    found = [
        path
        for path in PLUGIN.rglob("*.py")
        if any(form in path.read_text(encoding="utf-8") for form in plain)
    ]
    assert found == []


@pytest.mark.slow
def test_at_most_one_clean_line_in_ten_thousand_is_altered():
    redactor = Redactor.of({"A_KEY": "zq8Jv2kLm0PxR7tYwQ4s"})
    lines = altered = 0
    library = Path(sysconfig.get_path("stdlib"))
    for path in sorted(library.rglob("*.py")):
        if "site-packages" in path.parts:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        spans = redactor.spans(text)
        altered += sum(1 + text.count("\n", one.start, one.end) for one in spans)
        lines += text.count("\n")
    assert lines > 100_000
    assert altered * 10_000 <= lines
