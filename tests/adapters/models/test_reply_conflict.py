"""Two branches that recorded another answer to one request, merged by real git."""

import json
import shutil
import subprocess
from dataclasses import replace

import pytest
from project import clean_environment

from pdd_tasks.adapters.models.reply_cache import ReplyCache, Surroundings
from pdd_tasks.adapters.models.reply_entry import Entry, stored_request
from pdd_tasks.core.model.settings import ModelSettings, Replies
from pdd_tasks.core.prompt.redact import Redactor
from pdd_tasks.core.prompt.request import Message, Reply, Request
from pdd_tasks.errors import StateError


pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")
REQUEST = Request(
    kind="analysis",
    template="analysis@1",
    endpoint="openai",
    model="openai/m",
    messages=(Message("user", "Which?\nThis or that"),),
    max_tokens=100,
)
ANSWERS = ("same head\nfirst answer\nsame end\n", "same head\nother answer\nsame end\n")


class Nobody:
    """A model that nobody may ask."""

    def complete(self, request):
        raise AssertionError(request)


def entry(text):
    return Entry(
        key=REQUEST.key,
        label="",
        recorded_at="2026-01-02T03:04:05Z",
        request=stored_request(REQUEST, Redactor.of({})),
        reply=Reply(text=text, model="m", cost=len(text)),
    )


def git(root, *words):
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b", *words],  # noqa: S607 - git from PATH is what users have
        cwd=root,
        env=clean_environment(),
        check=words[0] != "merge",
        capture_output=True,
    )


def merged(root, mine, theirs, style):
    """Return the entry's path after a merge of two branches that recorded it."""
    root.mkdir()
    path = root / f".pdd/cache/analysis/{REQUEST.key}.json"
    git(root, "init", "-q", "-b", "main")
    git(root, "config", "merge.conflictStyle", style)
    git(root, "commit", "-q", "--allow-empty", "-m", "base")
    for branch, text in (("theirs", theirs), ("mine", mine)):
        git(root, "checkout", "-q", "-b", branch, "main")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(entry(text).form())
        git(root, "add", "-A", "-f")
        git(root, "commit", "-q", "-m", branch)
    git(root, "merge", "-q", "theirs")
    assert b"<<<<<<<" in path.read_bytes()
    return path


def asked(root, replies=Replies.REPLAY):
    said: list[str] = []
    around = Surroundings(announce=said.append)
    settings = ModelSettings(replies=replies)
    cache = ReplyCache(
        root, settings, Nobody(), Redactor.of({}), now=lambda: "", around=around
    )
    return cache.complete(REQUEST), said


@pytest.mark.parametrize("style", ["merge", "diff3", "zdiff3"])
def test_both_sides_of_a_merge_come_to_the_same_answer(tmp_path, style):
    one, other = ANSWERS
    merged(tmp_path / "a", one, other, style)
    merged(tmp_path / "b", other, one, style)

    mine, said = asked(tmp_path / "a")
    theirs, _ = asked(tmp_path / "b")

    assert mine.text == theirs.text
    assert mine.text in ANSWERS
    assert "two recorded replies" in said[0]


def test_the_file_is_written_anew_and_then_nothing_is_said(tmp_path):
    path = merged(tmp_path / "a", *ANSWERS, "merge")
    before = path.read_bytes()

    reply, _ = asked(tmp_path / "a")
    assert path.read_bytes() == before  # a replay writes nothing
    asked(tmp_path / "a", Replies.LIVE)

    assert json.loads(path.read_bytes())["reply"] == reply.text.split("\n")
    again, said = asked(tmp_path / "a", Replies.LIVE)
    assert (again, said) == (reply, [])


def test_a_side_that_is_none_does_not_count(tmp_path):
    path = merged(tmp_path / "a", *ANSWERS, "merge")
    text = path.read_bytes().replace(b'"first answer"', b'"first answer" oops')
    path.write_bytes(text)
    assert asked(tmp_path / "a")[0].text == ANSWERS[1]


@pytest.mark.parametrize(
    "old, new",
    [
        pytest.param(b" answer", b'"', id="both-sides-broken"),
        pytest.param(b"\n=======\n", b"\n<<<<<<< x\n=======\n", id="mark-in-a-side"),
        pytest.param(b">>>>>>> theirs\n", b"", id="no-end"),
    ],
)
def test_a_conflict_of_no_answers_stays_refused(tmp_path, old, new):
    path = merged(tmp_path / "a", *ANSWERS, "merge")
    path.write_bytes(path.read_bytes().replace(old, new))
    before = path.read_bytes()
    with pytest.raises(StateError, match="merge conflict"):
        asked(tmp_path / "a", Replies.LIVE)
    assert path.read_bytes() == before


def test_equal_answers_that_cost_differently_are_settled_too(tmp_path):
    first = entry("x")
    other = replace(first, reply=replace(first.reply, cost=7))
    sides = [first.form().decode(), other.form().decode()]
    results: set[bytes] = set()
    for mine, theirs in (sides, reversed(sides)):
        root = tmp_path / str(len(results))
        path = root / f".pdd/cache/analysis/{REQUEST.key}.json"
        path.parent.mkdir(parents=True)
        path.write_text(f"<<<<<<< a\n{mine}=======\n{theirs}>>>>>>> b\n")
        asked(root, Replies.LIVE)
        results.add(path.read_bytes())
    assert len(results) == 1
