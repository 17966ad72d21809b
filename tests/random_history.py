"""A random history of a unit: what a person does, and syncs in between.

Files, git, locks, transactions, baselines and safety copies are the real ones, in a
folder; the model is scripted and the programs run inside the test's own process. The
same seed makes the same history.
"""

import random
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any, Final

from calculator_texts import fenced, judged, named
from fake_bench import FakeBench, FakeRunner
from fakes import FixedClock, ScriptedModel
from memory_project import unit as unit_named

from pdd_tasks.adapters.models.purse import SharedPurse
from pdd_tasks.core.merge.result import Region
from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.ledger import Ledger
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.prompt.request import Reply, Request
from pdd_tasks.engine.observe import plan_unit
from pdd_tasks.engine.outcome import Outcome
from pdd_tasks.engine.resolution import open_conflict, resolve
from pdd_tasks.engine.sync import adopt_unit, forget, perform, settle
from pdd_tasks.engine.undo import restore
from pdd_tasks.engine.world import World
from pdd_tasks.errors import PddError
from pdd_tasks.plugin import wiring


_OFTEN: Final = 0.6
TOKEN: Final = re.compile(rb"mine_\d+")
NAMES: Final = ("add", "sub", "mul", "neg", "avg")
_GIT: Final = ("git", "-c", "user.name=A", "-c", "user.email=a@example.org")
_TOPS: Final = ("prompts", "src", "examples", "tests")


def code_for(prompt: str) -> str:
    """Return the code that the scripted model makes of a prompt."""
    wanted = re.findall(r"^- `(\w+)`", prompt, re.MULTILINE)
    style = int((re.findall(r"^Style (\d)\.", prompt, re.MULTILINE) or ["0"])[-1])
    ordered = wanted if style % 2 == 0 else wanted[::-1]
    body = "    value = a + b\n" if style < 2 else "    value = b + a + 0\n"
    parts = [
        f'def {name}(a, b):\n    """Return {name}, style {style}."""\n{body}'
        "    return value\n"
        for name in ordered
    ]
    return '"""Sums."""\n\n\n' + "\n\n".join(parts)


class Obliging(ScriptedModel):
    """Answers whatever is asked, the same way each time."""

    def __init__(self, root: Path, unit: Callable[[], DevUnit]) -> None:
        super().__init__({})
        self._root, self._unit = root, unit

    def complete(self, request: Request) -> Reply:
        """Return the reply to a request."""
        self.replies[request.kind] = [self._said(request)]
        return super().complete(request)

    def _said(self, request: Request) -> str:
        unit = self._unit()
        prompt = (self._root / unit.prompt).read_text()
        code, module = code_for(prompt), unit.id.leaf
        names = re.findall(r"^def (\w+)", code, re.MULTILINE)
        used = ", ".join(names) or "__doc__"
        shown = f"from {module} import {used}\n\nprint(1)\n"
        tests = "".join(f"\n\ndef test_{n}():\n    assert {n}(1, 2)\n" for n in names)
        return {
            "generate": fenced(code),
            "example": fenced(shown),
            "crash": named(str(unit.example), shown),
            "verify": judged(prompt),
            "test": fenced(f"from {module} import {used}\n{tests}"),
            "fix": fenced(code),
            "update": fenced(f"{prompt}\nSay {len(request.key)} more.\n", "prompt"),
            "analysis": '{"advice": "merge", "because": "apart", "confidence": 0.9}',
        }[request.kind]


class FolderRunner(FakeRunner):
    """Runs the programs that stand in a folder."""

    def __init__(self, root: Path) -> None:
        super().__init__({})
        self._root = root

    @contextmanager
    def bench(self, unit: DevUnit) -> Iterator[FakeBench]:
        """Give a bench over what stands now."""
        self.disk = standing(self._root)
        with super().bench(unit) as bench:
            yield bench


def standing(root: Path) -> dict[PurePosixPath, bytes]:
    """Return every file of a project but git's and our state: path → bytes."""
    return {
        PurePosixPath(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.relative_to(root).parts[0] not in {".git", ".pdd"}
    }


class History:
    """A project in a folder, and what happens to it.

    Attributes:
        root: The folder.
        done: What was done so far, in words.
        hint: What a person was last told to do next.
    """

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self.done: list[str] = []
        self.hint = ""
        self._random = random.Random(seed)  # noqa: S311 - no secret
        self._unit = unit_named("calc")
        self._fields = {"accept_updates": self._random.random() < _OFTEN}
        self._old: list[tuple[Artifact, bytes]] = []
        self._count = 0
        self.model = Obliging(root, lambda: self.unit)
        self.runner = FolderRunner(root)
        self._git("init", "-q")
        self._write(Artifact.PROMPT, "Write sums.\n\n- `add` returns a sum.\n")

    @property
    def unit(self) -> DevUnit:
        """The unit with the settings of the moment."""
        fields: dict[str, Any] = {**self._fields}
        settings = replace(self._unit.settings, **fields)
        return replace(self._unit, settings=settings)

    def world(self) -> World:
        """Return the ports, real but for the model, the programs and the clock."""
        purse = SharedPurse(Ledger(budget=10**9))
        real = wiring.world(self.root, (self.unit,), purse, _quiet, _quiet)
        return replace(
            real, model=lambda _: self.model, runner=self.runner, clock=FixedClock()
        )

    def step(self) -> None:
        """Do something at random."""
        acts = (
            *[self._edit_prompt] * 4,
            *[self._edit_code] * 5,
            self._edit_example,
            *[self._edit_tests] * 2,
            self._delete,
            self._revert,
            self._lose,
            self._commit,
            self._checkout,
            self._set,
            self._forget,
            self._adopt,
            *[self._choose] * 2,
            self._undo,
            self._rename,
            *[self.sync] * 6,
        )
        act = self._random.choice(acts)
        self.done.append(act.__name__)
        act()

    # What a person does

    def _path(self, artifact: Artifact) -> Path:
        return self.root / self._unit.paths(artifact)[0]

    def _read(self, artifact: Artifact) -> str:
        path = self._path(artifact)
        return path.read_text() if path.exists() else ""

    def _write(self, artifact: Artifact, text: str) -> None:
        path = self._path(artifact)
        if path.exists():
            self._old.append((artifact, path.read_bytes()))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        self.done[-1:] = [f"{self.done[-1] if self.done else 'begin'} {artifact}"]

    def _token(self) -> str:
        self._count += 1
        return f"mine_{self._count}"

    def _edit_prompt(self) -> None:
        text = self._read(Artifact.PROMPT)
        missing = [name for name in NAMES if f"`{name}`" not in text]
        kind = self._random.randrange(3)
        if kind == 0 and missing:
            text += f"- `{self._random.choice(missing)}` returns something.\n"
        elif kind == 1:
            text += f"\nStyle {self._random.randrange(4)}.\n"
        else:
            text += f"\nRemember {self._token()}.\n"
        self._write(Artifact.PROMPT, text)

    def _edit_code(self) -> None:
        text, token = self._read(Artifact.CODE), self._token()
        lines = text.splitlines(keepends=True)
        bodies = [i for i, line in enumerate(lines) if line.startswith("    value = ")]
        kind = self._random.randrange(3)
        if kind == 0 or not bodies:
            text += f"\n\ndef {token}(a):\n    return a\n"
        else:
            at = self._random.choice(bodies)
            lines[at] = (
                f"    value = b + a  # {token}\n"
                if kind == 1
                else f"    # {token}\n{lines[at]}"
            )
            text = "".join(lines)
        self._write(Artifact.CODE, text)

    def _edit_example(self) -> None:
        shown = f'print("{self._token()}")\n'
        self._write(Artifact.EXAMPLE, self._read(Artifact.EXAMPLE) + shown)

    def _edit_tests(self) -> None:
        test = f"\n\ndef test_{self._token()}():\n    assert len('ab') == 2\n"
        self._write(Artifact.TESTS, self._read(Artifact.TESTS) + test)

    def _delete(self) -> None:
        artifacts = (Artifact.CODE, Artifact.EXAMPLE, Artifact.TESTS)
        path = self._path(self._random.choice(artifacts))
        path.unlink(missing_ok=True)

    def _revert(self) -> None:
        if self._old:
            artifact, data = self._random.choice(self._old)
            self._write(artifact, data.decode())

    def _lose(self) -> None:
        state = self.root / ".pdd"
        lost = state / self._random.choice(["meta", "baseline", "state.db", "cache"])
        shutil.rmtree(lost, ignore_errors=True)
        if lost.is_file():
            lost.unlink()

    def _commit(self) -> None:
        self._git("add", "-A")
        self._git("commit", "-q", "--allow-empty", "-m", "a state")

    def _checkout(self) -> None:
        self._commit()
        commits = self._git("rev-list", "--reverse", "HEAD").split()
        commit = self._random.choice(commits)
        held = self._git("ls-tree", "-d", "--name-only", commit, *_TOPS).split()
        for folder in _TOPS:
            shutil.rmtree(self.root / folder, ignore_errors=True)
        if held:
            self._git("checkout", "-q", commit, "--", *held)
        self._follow_names()

    def _follow_names(self) -> None:
        """Take the unit's name from its prompt, as a project does."""
        prompts = sorted((self.root / "prompts").glob("*_python.prompt"))
        if prompts:
            name = prompts[0].name.removesuffix("_python.prompt")
            self._unit = unit_named(name)
        else:
            self._write(Artifact.PROMPT, "Write sums.\n\n- `add` returns a sum.\n")

    def _set(self) -> None:
        name = self._random.choice(["accept_updates", "force", "fix"])
        self._fields[name] = not self._fields.get(name, False)

    def _rename(self) -> None:
        after = unit_named("sums" if self._unit.id.basename == "calc" else "calc")
        for artifact in Artifact:
            old = self._path(artifact)
            if old.exists():
                old.rename(self.root / after.paths(artifact)[0])
        self._unit = after

    # What a person asks of us

    def _forget(self) -> None:
        step = self._random.choice(list(Step))
        self._checked(lambda: forget(self.world(), self.unit, frozenset({step})))

    def _adopt(self) -> None:
        self._checked(lambda: adopt_unit(self.world(), self.unit))

    def _choose(self) -> None:
        def choose() -> None:
            found = open_conflict(self.world(), self.unit)
            if found is None:
                return
            texts = [found.sides.mine, found.sides.generated, _both(found.result)]
            outcome = Outcome(unit=self.unit, step=Step.GENERATE)
            resolve(self.world(), found, self._random.choice(texts), outcome)

        self._checked(choose)

    def _undo(self) -> None:
        world = self.world()
        copies = sorted(
            world.safety.listed(self.unit.id),
            key=lambda copy: sorted(map(str, world.safety.read(copy).items())),
        )
        if copies:
            copy = self._random.choice(copies)
            self._checked(lambda: restore(self.world(), copy))

    def sync(self) -> None:
        """Sync twice: nothing is lost, and the second time nothing is done."""
        good = self._checked(self._synced)
        before, asked = standing(self.root) | self.records(), len(self.model.requests)
        again = self._checked(self._synced)
        assert again == good, self.done
        assert len(self.model.requests) == asked, f"bought again: {self.done}"
        if good:
            assert plan_unit(self.world(), self.unit).due == (), self.done
            assert standing(self.root) | self.records() == before, self.done

    def _synced(self) -> None:
        for step in Step:
            perform(self.world(), self.unit, step, Outcome(unit=self.unit, step=step))
        settle(self.world(), self.unit, Outcome(unit=self.unit, step=Step.FIX))

    def _checked(self, act: Callable[[], object]) -> bool:
        """Do something that may fail, and look for what was lost.

        Returns:
            Whether it did not fail.
        """
        before = standing(self.root)
        try:
            act()
        except PddError as error:
            good, self.hint = False, error.hint
        else:
            good, self.hint = True, "none is needed"
        assert self.hint, self.done
        assert_kept(before, self)
        return good

    def records(self) -> dict[PurePosixPath, bytes]:
        """Return what is on record: path → bytes."""
        meta = self.root / ".pdd" / "meta"
        return {
            PurePosixPath(path.relative_to(self.root)): path.read_bytes()
            for path in sorted(meta.rglob("*.json"))
        }

    def kept(self) -> dict[PurePosixPath, bytes]:
        """Return all that undo can bring back, by path, joined."""
        world, kept = self.world(), dict[PurePosixPath, bytes]()
        for copy in world.safety.listed():
            for path, data in world.safety.read(copy).items():
                kept[path] = kept.get(path, b"") + data
        return kept

    def _git(self, *arguments: str) -> str:
        done = subprocess.run(
            [*_GIT, *arguments],
            cwd=self.root,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout


def _quiet(line: str) -> None:
    del line


def _both(result: object) -> str:
    pieces = getattr(result, "pieces", (getattr(result, "text", ""),))
    return "".join(
        piece.mine + piece.generated if isinstance(piece, Region) else piece
        for piece in pieces
    )


def assert_kept(before: Mapping[PurePosixPath, bytes], history: History) -> None:
    """Assert that nothing a person wrote is gone from both the files and undo."""
    after, kept = standing(history.root), dict[PurePosixPath, bytes]()
    for path, data in before.items():
        wrote = set(TOKEN.findall(data)) - set(TOKEN.findall(after.get(path, b"")))
        if wrote and not kept:
            kept = history.kept()
        lost = wrote - set(TOKEN.findall(kept.get(path, b"")))
        assert not lost, f"{path} lost {lost}: {history.done}"
        if path.parts[0] == "tests" and history.done[-1] != "_undo":
            assert not wrote, f"{path} lost tests {wrote}: {history.done}"
