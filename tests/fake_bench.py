"""A bench that runs small Python programs inside the test's own process.

The texts are those of the tests, so what happens follows from what they say:
an example or test fails if it raises, hangs if it raises `TimeoutError`, and sees the
seed of its run as ``seed.value``. Covered is the share of the code's public names
that the tests mention.
"""

import contextlib
import io
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import PurePosixPath
from types import ModuleType

from fakes import Disk

from pdd_tasks.adapters.python.syntax import PythonSyntax
from pdd_tasks.core.model.artifact import Digest
from pdd_tasks.core.model.failure import Failure, FailureKind
from pdd_tasks.core.model.run_inputs import example_inputs, test_inputs
from pdd_tasks.core.model.trace import ExampleRun, TestRun
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.errors import ConfigError


KINDS: Mapping[type[BaseException], FailureKind] = {
    AssertionError: FailureKind.ASSERTION,
    AttributeError: FailureKind.ATTRIBUTE,
    TypeError: FailureKind.TYPE,
    ImportError: FailureKind.IMPORT,
    TimeoutError: FailureKind.TIMEOUT,
}


class FakeFormatter:
    """Formats as a test says.

    Attributes:
        absent: True if it cannot be started.
        format: What it makes of a text.
        paths: Files that went through it, in order.
    """

    def __init__(self) -> None:
        self.absent = False
        self.format: Callable[[str], str] = str
        self.paths: list[PurePosixPath] = []

    def check(self, unit: DevUnit) -> None:
        """Refuse if it cannot be started."""
        if self.absent:
            raise ConfigError(f"unit {unit.id}: the formatter is absent")

    def formatted(self, unit: DevUnit, path: PurePosixPath, text: str) -> str:
        """Return what it makes of a text."""
        self.check(unit)
        self.paths.append(path)
        return self.format(text)


class FakeRunner:
    """Makes benches over a disk.

    Attributes:
        runs: What ran, in order: ``example``, ``tests`` or ``tests measured``.
        exit_code: What a runner whose tests pass ends with.
    """

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        self.runs: list[str] = []
        self.exit_code = 0

    def check(self, unit: DevUnit) -> None:
        """Need nothing."""

    @contextlib.contextmanager
    def bench(self, unit: DevUnit) -> Iterator["FakeBench"]:
        """Give a bench for a unit."""
        yield FakeBench(self, unit)


class FakeBench:
    """Runs one unit's example and tests."""

    def __init__(self, runner: FakeRunner, unit: DevUnit) -> None:
        self._runner = runner
        self._unit = unit

    def example(self, overlay: Mapping[PurePosixPath, bytes]) -> ExampleRun:
        """Run the example with some files replaced."""
        self._runner.runs.append("example")
        files = {**self._runner.disk, **overlay}
        said = io.StringIO()
        with contextlib.redirect_stdout(said), _imports(self._unit, files, seed=0):
            failure = _attempt("", lambda: _program(self._unit.example, files))
        hung = failure is not None and failure.kind is FailureKind.TIMEOUT
        return ExampleRun(
            inputs=example_inputs(self._unit, _digests(files)),
            exit_code=-9 if hung else int(failure is not None),
            timed_out=hung,
            failure=failure,
            output=said.getvalue() + (failure.message if failure else ""),
        )

    def tests(
        self, overlay: Mapping[PurePosixPath, bytes], *, measure: bool, seed: int = 0
    ) -> TestRun:
        """Run the unit's tests with some files replaced."""
        self._runner.runs.append("tests measured" if measure else "tests")
        files = {**self._runner.disk, **overlay}
        present = [path for path in self._unit.tests if path in files]
        results: dict[str, str] = {}
        failures: list[Failure] = []
        with _imports(self._unit, files, seed=seed):
            for path in present:
                _run_tests(path, files, results, failures)
        passed = self._runner.exit_code if results else 5
        return TestRun(
            inputs=test_inputs(self._unit, _digests(files)),
            exit_code=1 if failures else passed,
            results=results,
            failures=tuple(failures),
            coverage=_coverage(self._unit, files, present) if measure else None,
            missing="names that no test mentions",
        )


def _run_tests(
    path: PurePosixPath,
    files: Mapping[PurePosixPath, bytes],
    results: dict[str, str],
    failures: list[Failure],
) -> None:
    found: dict[str, object] = {}
    broken = _attempt(str(path), lambda: found.update(_program(path, files)))
    if broken:
        failures.append(broken)
    for name, test in found.items():
        if name.startswith("test_") and callable(test):
            failure = _attempt(f"{path}::{name}", test)
            if failure and failure.exception == "SkipTest":
                results[f"{path}::{name}"] = "skipped"
                continue
            results[f"{path}::{name}"] = "failed" if failure else "passed"
            failures += [failure] if failure else []


def _attempt(test: str, act: Callable[[], object]) -> Failure | None:
    try:
        act()
    except Exception as error:  # noqa: BLE001 - whatever a program under test raises
        last = traceback.extract_tb(error.__traceback__)[-1]
        kind = next((k for t, k in KINDS.items() if isinstance(error, t)), None)
        collected = not test or "::" in test
        return Failure(
            test=test,
            kind=(kind or FailureKind.OTHER) if collected else FailureKind.COLLECTION,
            exception=type(error).__name__,
            where=f"{last.filename}:{last.lineno}",
            line=last.line or "",
            message=str(error),
        )
    return None


def _program(
    path: PurePosixPath, files: Mapping[PurePosixPath, bytes]
) -> dict[str, object]:
    """Run a program and return its names."""
    module = ModuleType(path.stem)
    exec(compile(files[path], str(path), "exec"), module.__dict__)  # noqa: S102 - ours
    return vars(module)


class _Importer(Loader, MetaPathFinder):
    """Finds modules among texts."""

    def __init__(self, texts: Mapping[str, bytes], folder: PurePosixPath) -> None:
        self._texts = texts
        self._folder = folder

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        """Return how a module is loaded; None if it is not among the texts."""
        return spec_from_loader(name, self) if name in self._texts else None

    def exec_module(self, module: ModuleType) -> None:
        """Run a module's text."""
        text = self._texts[module.__name__]
        path = str(self._folder / f"{module.__name__}.py")
        exec(compile(text, path, "exec"), module.__dict__)  # noqa: S102 - ours


@contextlib.contextmanager
def _imports(
    unit: DevUnit, files: Mapping[PurePosixPath, bytes], *, seed: int
) -> Iterator[None]:
    """Let programs import what is in the import root, and ``seed``."""
    texts = {
        path.stem: data
        for path, data in files.items()
        if path.parent == unit.import_root and path.suffix == ".py"
    }
    texts["seed"] = f"value = {seed}".encode()
    importer = _Importer(texts, unit.import_root)
    hidden = {name: sys.modules.pop(name) for name in texts if name in sys.modules}
    sys.meta_path.insert(0, importer)
    try:
        yield
    finally:
        sys.meta_path.remove(importer)
        for name in texts:
            sys.modules.pop(name, None)
        sys.modules.update(hidden)


def _coverage(
    unit: DevUnit, files: Mapping[PurePosixPath, bytes], tests: Sequence[PurePosixPath]
) -> float | None:
    syntax = PythonSyntax()
    code = files.get(unit.code[0], b"").decode()
    texts = [files[path].decode(errors="replace") for path in tests]
    if any(syntax.problem(text) for text in (code, *texts)):
        return None
    public = syntax.public_names(code)
    used = frozenset[str]().union(*(syntax.used_names(text) for text in texts))
    return 100 * len(public & used) / len(public) if public else 100.0


def _digests(files: Mapping[PurePosixPath, bytes]) -> dict[PurePosixPath, Digest]:
    return {path: Digest.of(data) for path, data in files.items()}
