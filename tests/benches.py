"""Units of further languages in a folder, and their examples and tests run."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from pdd_tasks.adapters.toolchain.bench import ToolchainRunner
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.settings import Settings
from pdd_tasks.core.model.trace import ExampleRun, TestRun
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.plugin.languages import load_languages


GREET = 'greet() {\n  printf "hello %s\\n" "$1"\n}\n'
TESTS = """\
source src/greet.sh

test_greets() {
  [ "$(greet Bo)" = "hello Bo" ]
}
"""


def unit_of(root: Path, name: str, language: str, **changes: Any) -> DevUnit:
    known = replace(load_languages(root)[language], **changes)
    ext = known.extensions[0]
    return DevUnit(
        id=UnitId(name, language),
        root=PurePosixPath(),
        prompt=PurePosixPath(f"prompts/{name}_{language}.prompt"),
        code=(PurePosixPath(f"src/{name}.{ext}"),),
        import_root=PurePosixPath("src"),
        example=PurePosixPath("examples", known.example_file.format(name=name)),
        test=PurePosixPath("tests", known.test_file.format(name=name)),
        language=known,
        settings=Settings(run_timeout_s=20, test_timeout_s=20),
    )


def laid(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def ran(root: Path, unit: DevUnit, *, measure: bool = False) -> TestRun:
    with ToolchainRunner(root).bench(unit) as bench:
        return bench.tests({}, measure=measure)


def shown(root: Path, unit: DevUnit) -> ExampleRun:
    with ToolchainRunner(root).bench(unit) as bench:
        return bench.example({})


def bash(root: Path, tests: str = TESTS, code: str = GREET, **changes: Any) -> DevUnit:
    laid(root, {"src/greet.sh": code, "tests/test_greet.sh": tests})
    return unit_of(root, "greet", "bash", **changes)
