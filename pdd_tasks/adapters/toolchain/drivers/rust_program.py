"""Builds and runs one unit of Rust, by cargo where the project has a ``Cargo.toml``.

``rust_program.py example RUSTC CARGO OUT CRATE CODE EXAMPLE`` builds the example.
``rust_program.py test RUSTC CARGO OUT CRATE CODE TEST...`` builds and runs the tests,
and prints what they print.

Without cargo the code is a crate of the unit's name, and the edition is 2021. What a
build says is printed only if it fails.
"""

import contextlib
import resource
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final


_MEMORY: Final = 2_000_000_000  # a test program keeps all that its tests print
_EDITION: Final = "--edition=2021"


def crate_name(name: str) -> str:
    """Return what a unit's crate is called."""
    return "".join(c if c.isalnum() or c == "_" else "_" for c in name)


def by_rustc(
    rustc: str, code: Path, crate: str, out: Path, source: Path, program: Path
) -> list[list[str]]:
    """Return the commands that build a crate and a program that uses it.

    Args:
        rustc: The compiler.
        code: The crate's code.
        crate: What it is called.
        out: The folder for what is built.
        source: The program: an example, or tests.
        program: Where it is built; with ``tests`` in its name it is a test program.
    """
    library = out / f"lib{crate}.rlib"
    plain = [rustc, _EDITION, "--cap-lints=allow"]
    kind = ["--test"] if program.name.startswith("tests") else []
    made = ["--crate-type=lib", f"--crate-name={crate}", "-o", str(library)]
    used = [f"--extern={crate}={library}", "-o", str(program)]
    return [[*plain, *made, str(code)], [*plain, *kind, *used, str(source)]]


def is_built(commands: Sequence[Sequence[str]]) -> bool:
    """Run commands until one fails, and print what that one says.

    Returns:
        Whether none failed.
    """
    for command in commands:
        ended = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        if ended.returncode:
            sys.stdout.buffer.write(ended.stdout)
            sys.stdout.buffer.flush()
            return False
    return True


def _cargo(cargo: str, out: Path, *words: str) -> list[str]:
    return [cargo, *words, "--offline", f"--target-dir={out / 'target'}"]


def example(tools: tuple[str, str], out: Path, crate: str, files: list[Path]) -> int:
    """Build the example.

    Returns:
        An exit code.
    """
    (rustc, cargo), (code, source) = tools, files
    program = out / "example"
    if not Path("Cargo.toml").is_file():
        commands = by_rustc(rustc, code, crate, out, source, program)
        return 0 if is_built(commands) else 1
    if not is_built([_cargo(cargo, out, "build", "--example", source.stem)]):
        return 1
    shutil.copy2(out / "target/debug/examples" / source.stem, program)
    return 0


def tests(tools: tuple[str, str], out: Path, crate: str, files: list[Path]) -> int:
    """Build and run the tests.

    Returns:
        The exit code of the first test file that fails, or that is not built.
    """
    rustc, cargo = tools
    code, *sources = files
    runs: list[list[str]] = []
    for number, source in enumerate(sources):
        program = out / f"tests{number}"
        if Path("Cargo.toml").is_file():
            target = ["--lib"] if source == code else ["--test", source.stem]
            build = [_cargo(cargo, out, "test", *target, "--no-run")]
            run = _cargo(cargo, out, "test", *target)
            run.append("--")
        else:
            build = by_rustc(rustc, code, crate, out, source, program)
            run = [str(program)]
        if not is_built(build):
            return 1
        runs.append(run)
    _bound_memory()
    failed = 0
    for run in runs:  # if all are built: what does not compile must not look passed
        ended = subprocess.run([*run, "--test-threads=1"], check=False)
        failed = failed or ended.returncode
    return failed


def _bound_memory() -> None:
    """Let what runs from now on have no more memory than nobody's tests need."""
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    has_less = most != resource.RLIM_INFINITY and most < _MEMORY
    with contextlib.suppress(ValueError, OSError):  # a system that bounds no data
        soft = most if has_less else _MEMORY
        resource.setrlimit(resource.RLIMIT_DATA, (soft, most))


def main(words: Sequence[str]) -> int:
    """Build, and run.

    Args:
        words: The arguments, as above.

    Returns:
        An exit code.
    """
    kind, rustc, cargo, out, name, *named = words
    act = example if kind == "example" else tests
    files = [Path(path) for path in named]
    return act((rustc, cargo), Path(out), crate_name(name), files)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
