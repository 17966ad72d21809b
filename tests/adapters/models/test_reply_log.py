from pdd_tasks.adapters.models import reply_log
from pdd_tasks.adapters.models.reply_cache import Lookup
from pdd_tasks.adapters.models.reply_log import ReplyLog


HIT = Lookup(kind="generate", model="m", found="project", saved=42)
UNKNOWN = Lookup(kind="verify", model="", found="shared", saved=None)


def test_what_is_noted_is_read_and_broken_lines_are_left_out(tmp_path):
    log = ReplyLog(tmp_path)
    assert list(log.lookups()) == []
    log.note(HIT)
    path = tmp_path / ".pdd/log" / reply_log.NAME
    with path.open("a") as stream:
        stream.write('{"kind": "cut\n[]\n{"kind": 1}\n')
    log.note(UNKNOWN)
    assert list(log.lookups()) == [HIT, UNKNOWN]


def test_a_log_that_cannot_be_written_fails_nothing(tmp_path):
    (tmp_path / ".pdd").write_text("")
    ReplyLog(tmp_path).note(HIT)
    assert list(ReplyLog(tmp_path).lookups()) == []


def test_a_full_log_becomes_the_older_one(tmp_path):
    log = ReplyLog(tmp_path)
    log.note(HIT)
    path = tmp_path / ".pdd/log" / reply_log.NAME
    path.write_bytes(path.read_bytes() + b" " * 2_000_000 + b"\n")
    log.note(UNKNOWN)
    assert not path.exists()
    log.note(HIT)
    assert list(log.lookups()) == [HIT, UNKNOWN, HIT]
