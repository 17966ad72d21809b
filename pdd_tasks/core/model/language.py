"""What the program knows of a language: data from ``languages.yaml``, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One entry of ``languages.yaml``.

    Commands are argument lists. Placeholders, replaced one argument at a time:
    ``{interpreter}``, ``{file}`` (example), ``{tests}`` (one argument a test file),
    ``{code}`` (one argument a code file), ``{junit}`` and ``{coverage}`` (paths to
    write reports to), ``{import_root}`` and ``{root}``.

    Attributes:
        name: Lower case, as in prompt names: ``python``.
        extensions: File endings without the dot; several mean several code files.
        comment: How a comment line starts.
        fence: Tags a model may put behind the fence of this language's code.
        syntax: Name of the adapter that reads its syntax; empty if there is none.
        interpreter: Command of the interpreter; empty if the language has none.
        run: Runs the example; empty if examples cannot be run.
        test: Runs the tests; empty if there is no test runner.
        measure: Arguments added to `test` to measure coverage.
        format: Formats a generated file, from standard input to standard output;
            ``{file}`` is that file here. Empty if nothing formats it.
        runner: Name of the adapter that runs `test` and reads its reports.
        test_file: Name of a test file, with ``{name}``: ``test_{name}.py``.
        example_file: Name of an example file: ``{name}_example.py``.
        environment: Variables for child processes; same placeholders.
    """

    name: str
    extensions: tuple[str, ...]
    comment: str = "#"
    fence: tuple[str, ...] = ()
    syntax: str = ""
    interpreter: str = ""
    run: tuple[str, ...] = ()
    test: tuple[str, ...] = ()
    measure: tuple[str, ...] = ()
    format: tuple[str, ...] = ()
    runner: str = ""
    test_file: str = ""
    example_file: str = ""
    environment: Mapping[str, str] = field(hash=False)
