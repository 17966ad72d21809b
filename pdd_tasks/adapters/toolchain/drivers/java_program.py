"""Runs the example of one unit of Java, and builds and runs its tests.

``java_program.py example JAVA OUT EXAMPLE`` runs what was built from the example.
``java_program.py test JAVA OUT RESULTS FOLDERS CODE... [--report=FILE] -- TEST...``
writes TAP, and what of the code was run, if JaCoCo is there, as LCOV into a file.

Tests that import JUnit are run by its platform, from jars in ``lib`` of the project or
where distributions put them. Others are static methods ``test*`` without parameters
of classes whose file is a test file; they fail by what they throw.
"""

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final


_HERE: Final = Path(__file__).resolve().parent
_PACKAGE: Final = re.compile(r"^\s*package\s+([\w.]+)\s*;", re.MULTILINE)
_JUNIT: Final = re.compile(r"^\s*import\s+(?:static\s+)?org\.junit\.", re.MULTILINE)
_CLASS: Final = re.compile(r"\b(?:class|enum|interface|record)\s+(\w+)")
_MAIN: Final = "static void main("
_JARS: Final = (
    *("junit-jupiter-api", "junit-jupiter-engine", "junit-jupiter-params"),
    *("junit-platform-commons", "junit-platform-engine", "junit-platform-launcher"),
    *("opentest4j", "apiguardian-api"),
)
_WATCHING: Final = ("org.jacoco.core", "asm", "asm-commons", "asm-tree", "asm-analysis")
_REPORT: Final = "--report="
_SHARED: Final = Path("/usr/share/java")


def class_name(path: Path, text: str) -> str:
    """Return the full name of the class that a file is called after."""
    package = _PACKAGE.search(text)
    return f"{package[1]}.{path.stem}" if package else path.stem


def main_class(path: Path, text: str) -> str:
    """Return the full name of the class whose ``main`` a program begins with."""
    head = text.partition(_MAIN)[0]
    named = [
        found[1]
        for found in _CLASS.finditer(head)
        if head.count("{", 0, found.start()) == head.count("}", 0, found.start())
    ]
    package = class_name(path, text).rpartition(".")[0]
    return ".".join(filter(None, (package, named[-1] if named else path.stem)))


def jars(project: Path, shared: Path) -> list[Path]:
    """Return the jars that tests may need: the project's own, else the machine's.

    Args:
        project: The project.
        shared: Where a distribution puts its jars.
    """
    own = sorted((project / "lib").rglob("*.jar"))
    if any("junit" in path.name for path in own):
        return own
    found = (shared / f"{name}.jar" for name in _JARS)
    return [*own, *(path for path in found if path.is_file())]


def watching(project: Path, shared: Path) -> list[Path] | None:
    """Return the jars of JaCoCo that are not among the project's; None without it.

    Args:
        project: The project.
        shared: Where a distribution puts its jars.
    """
    if any("jacoco" in path.name for path in (project / "lib").rglob("*.jar")):
        return []
    found = [shared / f"{name}.jar" for name in _WATCHING]
    return [path for path in found if path.is_file()] if found[0].is_file() else None


def example(java: str, words: Sequence[str]) -> int:
    """Run the example.

    Returns:
        Its exit code.
    """
    out, name = words
    path = Path(name)
    called = main_class(path, path.read_text("utf-8", errors="replace"))
    return subprocess.run([java, "-cp", out, called], check=False).returncode


def tests(java: str, words: Sequence[str]) -> int:
    """Build and run the tests.

    Returns:
        An exit code.
    """
    cut = list(words).index("--")
    out, results, folders, *given = words[:cut]
    code = [word for word in given if not word.startswith(_REPORT)]
    reports = [word.removeprefix(_REPORT) for word in given if word not in code]
    files = [Path(name) for name in words[cut + 1 :]]
    texts = {path: path.read_text("utf-8", errors="replace") for path in files}
    is_junit = any(_JUNIT.search(text) for text in texts.values())
    launchers = ["JUnitTests" if is_junit else "PlainTests"]
    tools = watching(Path.cwd(), _SHARED) if reports else None
    launchers += ["Measured"] if tools is not None else []
    path = ":".join([out, *map(str, (*jars(Path.cwd(), _SHARED), *(tools or ())))])
    programs = [str(_HERE / f"{name}.java") for name in launchers]
    failed = _compiled(out, path, folders, [*code, *map(str, files), *programs])
    if failed:
        return failed
    named = [f"{file}={class_name(file, text)}" for file, text in texts.items()]
    ran = [f"pddtasks.{launchers[0]}", results, *named]
    if tools is not None:
        ran = ["pddtasks.Measured", reports[0], out, ":".join(code), *ran]
    return subprocess.run([java, "-ea", "-cp", path, *ran], check=False).returncode


def _compiled(out: str, path: str, folders: str, sources: Sequence[str]) -> int:
    command = [
        *("javac", "-g", "-proc:none", "-Xlint:none", "-encoding", "UTF-8"),
        *("-d", out, "-cp", path, "-sourcepath", folders, *sources),
    ]
    return subprocess.run(command, check=False).returncode


def main(words: Sequence[str]) -> int:
    """Build, and run.

    Args:
        words: The arguments, as above.

    Returns:
        An exit code.
    """
    kind, java, *rest = words
    return example(java, rest) if kind == "example" else tests(java, rest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
