from dataclasses import replace

import pytest

from pdd_tasks.adapters.models.manual_model import ManualModel
from pdd_tasks.core.prompt.redact import Redactor
from pdd_tasks.core.prompt.request import Message, Request
from pdd_tasks.errors import AwaitedError, ExitCode, PddError


SECRET = "hunter2-and-more"  # noqa: S105 - nobody's
REQUEST = Request(
    kind="generate",
    template="generate@1",
    endpoint="manual",
    model="",
    messages=(Message("system", "Rules."), Message("user", "Add.")),
    max_tokens=100,
)


def model(root, unit="a/b_python"):
    return ManualModel(root, unit, Redactor.of({"DB_PASSWORD": SECRET}))


def waiting(root, request=REQUEST):
    with pytest.raises(AwaitedError) as awaited:
        model(root).complete(request)
    return awaited.value


def files(root):
    folder = root / ".pdd/manual"
    return sorted(p.name for p in folder.iterdir() if p.name != ".gitignore")


def stem(request=REQUEST):
    return f"a%2Fb_python-generate-{request.key[:16]}"


def test_without_an_answer_the_request_waits_in_a_file_and_the_message_says_where(
    tmp_path,
):
    error = waiting(tmp_path)
    assert files(tmp_path) == [f"{stem()}.md"]
    text = (tmp_path / f".pdd/manual/{stem()}.md").read_text(encoding="utf-8")
    assert text == "Rules.\n\nAdd.\n"
    assert f".pdd/manual/{stem()}.md" in error.message
    assert f".pdd/manual/{stem()}.answer.md" in error.hint
    assert error.hint.endswith("doit sync:a/b_python provider=manual")
    assert error.exit_code is ExitCode.CONFLICT
    assert (tmp_path / ".pdd/manual/.gitignore").read_text() == "*\n"


def test_an_answer_is_taken_as_it_stands_and_stays(tmp_path):
    waiting(tmp_path)
    answer = tmp_path / f".pdd/manual/{stem()}.answer.md"
    answer.write_bytes("\ufeff```python\nü = 1\n```\n\n".encode())
    reply = model(tmp_path).complete(REQUEST)
    assert reply.text == "```python\nü = 1\n```\n\n"
    assert (reply.model, reply.cost) == ("by hand", None)
    assert answer.exists()


@pytest.mark.parametrize("text", ["", " \n"])
def test_an_empty_answer_is_none_yet(tmp_path, text):
    waiting(tmp_path)
    (tmp_path / f".pdd/manual/{stem()}.answer.md").write_text(text)
    waiting(tmp_path)


def test_a_secret_is_not_written_and_the_reader_is_told(tmp_path):
    asked = replace(REQUEST, messages=(Message("user", f"use {SECRET}"),))
    waiting(tmp_path, asked)
    text = (tmp_path / f".pdd/manual/{stem(asked)}.md").read_text()
    assert SECRET not in text
    assert "use [redacted:DB_PASSWORD]" in text
    assert text.startswith("<!-- Secrets were replaced by their names")


def test_a_newer_question_takes_the_place_of_one_that_nobody_answered(tmp_path):
    other = replace(REQUEST, sample=1)
    verify = replace(REQUEST, kind="verify")
    waiting(tmp_path, verify)
    waiting(tmp_path)
    waiting(tmp_path, other)
    assert files(tmp_path) == sorted(
        [f"{stem(other)}.md", f"a%2Fb_python-verify-{verify.key[:16]}.md"]
    )


def test_what_was_answered_is_kept_beside_a_newer_question(tmp_path):
    waiting(tmp_path)
    (tmp_path / f".pdd/manual/{stem()}.answer.md").write_text("x")
    waiting(tmp_path, replace(REQUEST, sample=1))
    assert f"{stem()}.md" in files(tmp_path)
    assert f"{stem()}.answer.md" in files(tmp_path)


def test_what_a_person_noted_in_the_request_is_left_alone(tmp_path):
    waiting(tmp_path)
    path = tmp_path / f".pdd/manual/{stem()}.md"
    path.write_text("notes")
    waiting(tmp_path)
    assert path.read_text() == "notes"


def test_a_place_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / ".pdd").write_text("")
    with pytest.raises(PddError, match="write a request"):
        model(tmp_path).complete(REQUEST)
