from pdd_tasks.adapters.mark_key import MarkKey


PLACE = ".pdd/log/redaction.key"


def test_a_key_for_the_terminal_writes_nothing(tmp_path):
    key = MarkKey(tmp_path)
    assert key.shown() == key.shown()
    assert not (tmp_path / ".pdd").exists()


def test_a_key_for_a_file_is_kept_and_is_that_of_the_terminal(tmp_path):
    key = MarkKey(tmp_path)
    shown = key.shown()
    assert key.kept() == shown
    assert MarkKey(tmp_path).shown() == MarkKey(tmp_path).kept() == shown
    assert "/log/" in (tmp_path / ".pdd/.gitignore").read_text()


def test_the_first_of_two_processes_wins(tmp_path):
    one, two = MarkKey(tmp_path), MarkKey(tmp_path)
    assert one.shown() != two.shown()
    assert one.kept() == two.kept()


def test_a_key_that_cannot_be_read_or_kept_is_one_of_this_run(tmp_path):
    (tmp_path / ".pdd").write_text("in the way")
    key = MarkKey(tmp_path)
    assert key.kept() == key.kept()
    assert (tmp_path / ".pdd").read_text() == "in the way"


def test_a_broken_key_is_left_alone(tmp_path):
    path = tmp_path / PLACE
    path.parent.mkdir(parents=True)
    path.write_text("not hexadecimal")
    key = MarkKey(tmp_path)
    assert len(key.kept()) == 32
    assert path.read_text() == "not hexadecimal"
