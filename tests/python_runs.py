"""A small Python project, its examples and tests run as the program runs them."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from pdd_tasks.adapters.python.runner import PytestRunner
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.language import Language
from pdd_tasks.core.model.settings import Settings
from pdd_tasks.core.model.trace import ExampleRun, TestRun
from pdd_tasks.core.model.unit import DevUnit


PYTHON = Language(
    name="python",
    extensions=("py",),
    interpreter="{python}",
    run=("{interpreter}", "{file}"),
    test=(
        *("{interpreter}", "-m", "pytest", "-q", "--tb=short", "--color=no"),
        *("-p", "no:cacheprovider", "-p", "no:randomly"),
        *("--rootdir={root}", "--confcutdir={root}"),
        *("--continue-on-collection-errors", "--junitxml={junit}", "{tests}"),
    ),
    measure=(
        "--cov",
        "--cov-branch",
        "--cov-fail-under=0",
        "--cov-report=json:{coverage}",
    ),
    runner="pytest",
    environment={
        "PYTHONPATH": "{import_root}:{root}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONFAULTHANDLER": "1",
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
    },
)

CODE = """\
import json


def add(a, b):
    return a + b


def load(text):
    return json.loads(
        text,
    )


def sign(n):
    if n < 0:
        return -1
    return 1
"""

CODE_PATH = PurePosixPath("src/calc.py")
EXAMPLE_PATH = PurePosixPath("examples/calc_example.py")
TEST_PATH = PurePosixPath("tests/test_calc.py")


def a_unit(
    *,
    settings: Settings | None = None,
    language: Language = PYTHON,
    more_tests: tuple[PurePosixPath, ...] = (),
    code: tuple[PurePosixPath, ...] = (CODE_PATH,),
) -> DevUnit:
    """Return the unit of the small project."""
    return DevUnit(
        id=UnitId("calc", "python"),
        root=PurePosixPath(),
        prompt=PurePosixPath("prompts/calc_python.prompt"),
        code=code,
        import_root=PurePosixPath("src"),
        example=EXAMPLE_PATH,
        test=TEST_PATH,
        more_tests=more_tests,
        language=language,
        settings=settings or Settings(),
    )


def a_project(root: Path, files: Mapping[str, str]) -> Path:
    """Write the project, and some files more."""
    for name, text in {"src/calc.py": CODE, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def run_tests(
    root: Path,
    text: str,
    *,
    measure: bool = False,
    unit: DevUnit | None = None,
    files: Mapping[str, str] | None = None,
    seed: int = 0,
) -> TestRun:
    """Return what came of a file of tests."""
    a_project(root, {"tests/test_calc.py": text, **(files or {})})
    with PytestRunner(root).bench(unit or a_unit()) as bench:
        return bench.tests({}, measure=measure, seed=seed)


def run_example(
    root: Path,
    text: str,
    *,
    unit: DevUnit | None = None,
    overlay: Mapping[PurePosixPath, bytes] | None = None,
) -> ExampleRun:
    """Return what came of an example."""
    a_project(root, {str(EXAMPLE_PATH): text})
    with PytestRunner(root).bench(unit or a_unit()) as bench:
        return bench.example(overlay or {})


def tree(root: Path) -> dict[str, bytes]:
    """Return the bytes of all files."""
    files = (path for path in root.rglob("*") if path.is_file())
    return {str(path.relative_to(root)): path.read_bytes() for path in files}
