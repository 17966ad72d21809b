"""Run one doit command with a fault at each call of the system, then run it plainly.

    python tests/matrix.py JOB.json

It runs under the library `faults.c`. Each trial is two processes, forked from this
one, which has imported everything already: the command with a fault at the n-th change
below the project, then the same command without. After the first every file is as it
was before or as it will be; the second needs no help, repeats no finished step, asks
for no reply that is recorded, and leaves what the uninterrupted command leaves. Where
a kill leaves what another one left, the second is not run again. What came of it is
printed as JSON: numbers, and what did not hold.
"""

import atexit
import importlib
import json
import os
import pkgutil
import re
import runpy
import shutil
import sys
import traceback
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from faults import KILL, TEAR, Faults
from project import Project, Said
from stages import TIME, UNTOLD, assert_whole_between, copied, state, untidy

import pdd_tasks


STEP_LINE = re.compile(r"^\w+_python [a-z-]+( FAILED| WAITS FOR YOU)?: (.+) \(.* s\)$")
KILLED = -9
ENOUGH = 3
BASELINES, COPIES = ".pdd/baseline/", ".pdd/safety/"
RANDOM = re.compile(r"\b[0-9a-f]{8}\b")
DIGEST = re.compile(rb"\b[0-9a-f]{64}\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One row of the matrix.

    Attributes:
        before: The project before the command; never changed.
        after: The project after the command was run without a fault; never changed.
        ends: Projects as they may be after the second run.
        folder: Where copies are made.
        words: The command, without ``doit``.
        again: The command of the second run; that of the first if empty.
        recorded: A pattern of the file that holds a reply once it has arrived; then
            `again` is run only where there is one, and `words` once more elsewhere.
        fault: What happens, as `faults` has it.
        stays: True if it happens at every call from there on.
        most: How many points are tried at most, evenly spread; 0 for all.
        code: How the uninterrupted command ends.
        codes: How the second run may end.
    """

    before: str
    after: str
    ends: list[str]
    folder: str
    words: list[str]
    again: list[str] = field(default_factory=list)
    recorded: str = ""
    fault: int = KILL
    stays: bool = False
    most: int = 0
    code: int = 0
    codes: list[int] = field(default_factory=lambda: [0])


@dataclass(slots=True, kw_only=True)
class Found:
    """What came of a row.

    Attributes:
        points: How many changes the command makes.
        tried: At how many of them a fault happened.
        ends: How the first run ended → how often.
        problems: What did not hold, at which point.
    """

    points: int = 0
    tried: int = 0
    ends: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Tries the points of one row."""

    job: Job
    faults: Faults
    reasons: frozenset[str]
    seen: set[frozenset[tuple[str, bytes]]] = field(default_factory=set)

    @classmethod
    def of(cls, job: Job) -> "Matrix":
        """Return the matrix of a row."""
        found = set()
        for end in job.ends:
            for path in Path(end, ".pdd/meta").rglob("*_python.json"):
                history = json.loads(path.read_bytes())["history"]
                found |= {entry["because"] for entry in history}
        return cls(job, Faults(), frozenset(found))

    def tried(self) -> Found:
        """Try the points; give up when several fail."""
        found = Found()
        said, found.points = self._run(self._copy("0"), self.job.words, 0)
        assert said.code == self.job.code, said.text
        for point in _spread(found.points, self.job.most):
            if len(found.problems) == ENOUGH:
                break
            root = self._copy(str(point))
            try:
                self._try(root, point, found)
            except Exception:  # noqa: BLE001 - whatever it is, the next point is tried
                found.problems.append(f"point {point}: {traceback.format_exc()}")
            shutil.rmtree(root.parent)
        return found

    def _copy(self, name: str) -> Path:
        folder = Path(self.job.folder, f"{self.job.fault}-{name}")
        return copied(Project(Path(self.job.before)), folder).root

    def _try(self, root: Path, point: int, found: Found) -> None:
        said, reached = self._run(root, self.job.words, point)
        if said.code != KILLED and reached < point:
            return
        found.tried += 1
        found.ends[str(said.code)] = found.ends.get(str(said.code), 0) + 1
        project = Project(root)
        assert "Traceback" not in said.text, said.text
        before, after = Path(self.job.before), Path(self.job.after)
        assert_whole_between(Project(before), project, Project(after))
        shape = _shape(root)
        if shape not in self.seen:
            self.seen.add(shape)
            self._complete(project, said)

    def _complete(self, project: Project, first: Said) -> None:
        again, _ = self._run(project.root, self._again(project.root), 0)
        text = f"{first.text}\nthen:\n{again.text}"
        assert again.code in self.job.codes, text
        self._assert_no_alarm(again)
        differences = [_differences(Project(Path(e)), project) for e in self.job.ends]
        assert [] in differences, f"{differences}\n{text}"
        assert untidy(project) == [], text

    def _again(self, root: Path) -> list[str]:
        has_reply = not self.job.recorded or any(root.glob(self.job.recorded))
        return self.job.again if has_reply and self.job.again else self.job.words

    def _assert_no_alarm(self, said: Said) -> None:
        for line in said.out.splitlines():
            if set(self.job.codes) == {0} and (step := STEP_LINE.match(line)):
                assert not step[1], said.text
                assert step[2] in self.reasons, said.text

    def _run(self, root: Path, words: list[str], point: int) -> tuple[Said, int]:
        """Run doit in a process of its own, and return how many changes it made."""
        out, err = root.with_suffix(".out"), root.with_suffix(".err")
        tell, told = os.pipe()
        child = os.fork()
        if not child:
            os.close(tell)
            self._be_doit(root, words, point, told)
        os.close(told)
        with os.fdopen(tell, "rb") as pipe:
            count = int(pipe.read() or b"0")
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return Said(code=code, out=out.read_text(), err=err.read_text()), count

    def _be_doit(self, root: Path, words: list[str], point: int, told: int) -> None:
        code = 70
        try:
            _redirect(root)
            os.chdir(root)
            sys.argv, sys.path[0] = ["doit", *words], str(root)
            self.faults.arm(point, self.job.fault, root, stays=self.job.stays)
            code = _doit()
            os.write(told, str(self.faults.disarm()).encode())
        except BaseException:  # noqa: BLE001 - nothing may come back from a child
            traceback.print_exc()
        finally:
            with suppress(Exception):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code)


def _spread(points: int, most: int) -> range:
    """Return so many of the numbers from 1 to the number of points."""
    stride = max(-(-points // most), 1) if most else 1
    return range(stride // 2 + 1, points + 1, stride)


def _differences(expected: Project, project: Project) -> list[str]:
    """Return what is not as it should be, times and the names of copies aside."""
    wanted, reached = _comparable(expected), _comparable(project)
    # A baseline that nothing names yet does no harm.
    more = {name for name in reached if not name.startswith(BASELINES)}
    names = wanted.keys() | more
    lost = _copies(expected) - _copies(project)
    return sorted(
        [name for name in names if wanted.get(name) != reached.get(name)]
        + [f"no copy of {name}" for name, _ in lost]
    )


def _comparable(project: Project) -> dict[str, object]:
    return {n: v for n, v in state(project).items() if not n.startswith(COPIES)}


def _copies(project: Project) -> set[tuple[str, bytes]]:
    """Return what is kept of what a person wrote: path and bytes."""
    top = project.root / ".pdd/safety"
    return {
        ("/".join(path.relative_to(top).parts[1:]), path.read_bytes())
        for path in top.rglob("*.*")
        if path.is_file() and path.suffix != ".json"
    }


def _shape(root: Path) -> frozenset[tuple[str, bytes]]:
    """Return what is in a project, times and random names left out."""
    rows = set()
    for path in root.rglob("*"):
        name = RANDOM.sub("#", str(path.relative_to(root)))
        data = TIME.sub(b"T", path.read_bytes()) if path.is_file() else b"/"
        if name.startswith(".pdd/txn/") and "manifest" in name:
            data = DIGEST.sub(b"#", data)  # of files that hold a time
        if not name.startswith(UNTOLD):
            rows.add((name, data))
    return frozenset(rows)


def _redirect(root: Path) -> None:
    names: tuple[str | Path, ...] = (
        os.devnull,
        root.with_suffix(".out"),
        root.with_suffix(".err"),
    )
    for number, name in enumerate(names):
        flags = os.O_RDWR | os.O_CREAT | os.O_TRUNC
        os.dup2(os.open(name, flags if number else os.O_RDONLY), number)


def _doit() -> int:
    try:
        runpy.run_module("doit", run_name="__main__", alter_sys=True)
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else int(bool(error.code))
    else:
        code = 0
    atexit._run_exitfuncs()  # noqa: SLF001 - what a process that ends by itself does
    return code


def import_all(*, live: bool) -> None:
    """Import what any command may need, so that a child need not."""
    ours = [m.name for m in pkgutil.walk_packages(pdd_tasks.__path__, "pdd_tasks.")]
    names = ["doit.doit_cmd", "doit.reporter", *ours, "litellm"]
    for name in names:
        if live or "litellm" not in name:
            importlib.import_module(name)


def main(job: str) -> None:
    """Try one row and print what came of it."""
    sys.dont_write_bytecode = True
    row = Job(**json.loads(Path(job).read_bytes()))
    import_all(live=bool(row.recorded))
    assert row.fault > 0 or row.fault in {KILL, TEAR}
    sys.stdout.write(json.dumps(asdict(Matrix.of(row).tried())))


if __name__ == "__main__":
    main(*sys.argv[1:])
