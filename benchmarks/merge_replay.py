"""Replay the merges in git repositories, and compare with what people made of them.

Taken is every file that both sides of a merge of two parents with one base changed,
that `git merge-file` leaves in conflict, and that parses in all four versions. The
sides are merged by the ladder, the first parent's as mine. Reported is how many come
out as the people left them (blank lines and trailing white space aside), otherwise,
or as a conflict, and definite damage: a line that one side added is lost, one that
a side deleted is back, the result does not parse, defines a thing twice or uses a
name that is nowhere bound - and none of it is so in the people's file.

    python benchmarks/merge_replay.py REPOSITORY... [--held-out] [--show DIR]

`--held-out` takes only the half of the merges, by the names of the commits, that the
rules were not made by.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from history import Replay, Repository

from pdd_tasks.adapters.python.scope import repeated, unbound
from pdd_tasks.adapters.python.structure import PythonStructure
from pdd_tasks.adapters.python.tree import tree_of
from pdd_tasks.core.merge.ladder import merge
from pdd_tasks.core.merge.result import Merged


_STRUCTURE: Final = PythonStructure()


@dataclass(slots=True)
class Tally:
    """What came of the conflicts so far."""

    seen: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    methods: Counter[str] = field(default_factory=Counter)
    damage: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def main() -> int:
    """Replay and print what came out.

    Returns:
        1 if there was damage or the goal was not met, else 0.
    """
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--held-out", action="store_true", help="only that half")
    parser.add_argument("--show", type=Path, help="folder for what came otherwise")
    parser.add_argument("--goal", type=float, help="lowest share in percent")
    options = parser.parse_args()
    tally = Tally()
    for path in options.repositories:
        _replay(path, tally, held_out=options.held_out, show=options.show)
    share = 100 * tally.counts["as the people did"] / (len(tally.seconds) or 1)
    _tell(tally)
    is_good = not tally.damage and (options.goal is None or share >= options.goal)
    return 0 if is_good else 1


def _replay(path: Path, tally: Tally, *, held_out: bool, show: Path | None) -> None:
    repository = Repository(path)
    for commit, replay in repository.replays():
        if held_out and int(commit[-1], 16) % 2:
            continue
        tally.seen += 1
        if _parses(replay) and _conflicts(replay):
            _judge(replay, tally, show)
    repository.close()


def _tell(tally: Tally) -> None:
    total = len(tally.seconds)
    print(f"{tally.seen} files that both sides changed, {total} parsable conflicts")
    for name in ("as the people did", "otherwise", "left"):
        count = tally.counts[name]
        print(f"{name:20} {count:6} {100 * count / (total or 1):6.1f} %")
    print(f"{'definite damage':20} {len(tally.damage):6}")
    for line in tally.damage:
        print(f"  {line}")
    for method, count in tally.methods.most_common():
        print(f"{method:20} {count:6}")
    if tally.seconds:
        times = sorted(1000 * s for s in tally.seconds)
        print(
            f"milliseconds: median {statistics.median(times):.0f},"
            f" 95 % {times[95 * len(times) // 100]:.0f}, worst {times[-1]:.0f}"
        )


def _judge(replay: Replay, tally: Tally, show: Path | None) -> None:
    start = time.perf_counter()
    result = merge(
        replay.base, replay.mine, replay.theirs, structure=_STRUCTURE, mark="#"
    )
    tally.seconds.append(time.perf_counter() - start)
    if not isinstance(result, Merged):
        tally.counts["left"] += 1
        return
    tally.methods[result.method] += 1
    if _normal(result.text) == _normal(replay.human):
        tally.counts["as the people did"] += 1
        return
    tally.counts["otherwise"] += 1
    tally.damage += [f"{replay.name}: {what}" for what in _damage(replay, result.text)]
    if show:
        _show(show / f"{tally.counts['otherwise']:04}", replay, result.text)


def _show(folder: Path, replay: Replay, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "name.txt").write_text(replay.name, encoding="utf-8")
    versions = {
        "base": replay.base,
        "mine": replay.mine,
        "theirs": replay.theirs,
        "human": replay.human,
        "merged": text,
    }
    for name, version in versions.items():
        (folder / f"{name}.py").write_text(version, encoding="utf-8")


def _damage(replay: Replay, text: str) -> Iterator[str]:
    """Yield the harm that a merge did and the people did not do."""
    yield from _damaged_lines(replay, text)
    ours, peoples = tree_of(text), tree_of(replay.human)
    if ours is None or peoples is None:
        yield "does not parse"
        return
    sides = [tree for text in (replay.mine, replay.theirs) if (tree := tree_of(text))]
    known = [repeated(tree) for tree in (peoples, *sides)]
    for name, count in repeated(ours).items():
        if count > max(side[name] for side in known):
            yield f"twice: {name}"
    for name in sorted(_unbound(text) - _unbound(replay.human)):
        if name not in _unbound(replay.mine) | _unbound(replay.theirs):
            yield f"nowhere bound: {name}"


def _damaged_lines(replay: Replay, text: str) -> Iterator[str]:
    base, mine, theirs, human, merged = (
        Counter(line.strip() for line in version.splitlines() if line.strip())
        for version in (replay.base, replay.mine, replay.theirs, replay.human, text)
    )
    for line in (mine - base) + (theirs - base):
        if line not in merged and line in human:
            yield f"lost: {line}"
    for line in (base - mine) + (base - theirs):
        if merged[line] > max(human[line], min(mine[line], theirs[line])):
            yield f"back: {line}"


def _unbound(text: str) -> frozenset[str]:
    tree = tree_of(text)
    return frozenset() if tree is None else unbound(text, tree)


def _parses(replay: Replay) -> bool:
    texts = (replay.base, replay.mine, replay.theirs, replay.human)
    return all(tree_of(text) is not None for text in texts)


def _conflicts(replay: Replay) -> bool:
    """Return whether `git merge-file` leaves a conflict."""
    with tempfile.TemporaryDirectory(prefix="merge-replay-") as folder:
        files = [Path(folder) / name for name in ("mine", "base", "theirs")]
        texts = (replay.mine, replay.base, replay.theirs)
        for file, text in zip(files, texts, strict=True):
            file.write_text(text, encoding="utf-8", newline="")
        done = subprocess.run(
            ["git", "merge-file", "-p", *map(str, files)],
            capture_output=True,
            check=False,
        )
    return done.returncode > 0


def _normal(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if line.strip()]


if __name__ == "__main__":
    sys.exit(main())
