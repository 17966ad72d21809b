"""The merge by lines beside `git merge-file`: where both are clean, they agree."""

import random
import subprocess

import pytest

from pdd_tasks.core.merge.lines import agreed_text, merged_lines


pytestmark = pytest.mark.git


def _by_git(folder, *texts):
    """Return what git makes of base, mine and generated; None for a conflict."""
    paths = [folder / name for name in ("base", "mine", "generated")]
    for path, text in zip(paths, texts, strict=True):
        path.write_bytes(text.encode())
    base, mine, generated = paths
    ended = subprocess.run(
        ["git", "merge-file", "-p", "--diff3", mine, base, generated],  # noqa: S607
        cwd=folder,
        capture_output=True,
        check=False,
    )
    assert ended.returncode < 128, ended.stderr
    return ended.stdout.decode() if ended.returncode == 0 else None


def _edited(chance, lines, letters):
    lines = list(lines)
    for _ in range(chance.randint(0, 3)):
        start = chance.randint(0, len(lines))
        end = min(len(lines), start + chance.randint(0, 2))
        lines[start:end] = chance.choices(letters, k=chance.randint(0, 2))
    return "".join(f"{line}\n" for line in lines)


def _agreements(folder, letters, size, count):
    """Return how many cases both merge, after checking that they do so alike."""
    chance = random.Random(f"{letters}{size}")  # noqa: S311 - a repeatable stream
    clean = 0
    for _ in range(count):
        base = chance.choices(letters, k=chance.randint(0, size))
        texts = [_edited(chance, base, letters) for _ in range(2)]
        texts.insert(0, "".join(f"{line}\n" for line in base))
        ours = agreed_text(merged_lines(*texts))
        theirs = _by_git(folder, *texts)
        if None not in {ours, theirs}:
            assert ours == theirs, texts
            clean += 1
    return clean


@pytest.mark.parametrize("letters, size", [("abc", 8), ("abcdefghij", 20)])
def test_where_both_are_clean_they_agree(tmp_path, letters, size):
    assert _agreements(tmp_path, letters, size, count=250) > 100


@pytest.mark.slow
@pytest.mark.parametrize("letters, size", [("ab", 6), ("abcd", 12), ("abcdefgh", 30)])
def test_where_both_are_clean_they_agree_in_thousands(tmp_path, letters, size, tell):
    clean = _agreements(tmp_path, letters, size, count=4000)

    tell(f"merged alike by lines and by git: {clean} of 4000 ({letters}, {size} lines)")
    assert clean > 1500
