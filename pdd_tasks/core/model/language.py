"""What the program knows of a language: data from ``languages.yaml``, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One entry of ``languages.yaml``.

    Commands are argument lists. Placeholders, replaced one argument at a time:
    ``{interpreter}``, ``{file}`` (example), ``{tests}`` (one argument a test file),
    ``{code}`` (one argument a code file), ``{main}`` (the first of them), ``{test}``
    (the test file that grows), ``{name}`` (of the unit, without folders),
    ``{results}``, ``{junit}`` and ``{coverage}`` (paths to write reports to),
    ``{build}`` (a folder for what is built), ``{import_root}`` and ``{root}``,
    ``{python}`` (the one that runs doit) and ``{drivers}`` (the folder of programs
    shipped with the table). An argument ``{measure}`` stands for those of `measure`,
    or for none.

    Attributes:
        name: Lower case, as in prompt names: ``python``.
        extensions: File endings without the dot; several mean several code files.
        header: The one of `extensions` whose file says the public interface; empty
            if every code file says its part.
        conventions: What requests say of how a unit of this language is laid out,
            run and tested; empty if nothing.
        comment: How a comment line starts.
        fence: Tags a model may put behind the fence of this language's code.
        syntax: Name of the adapter that reads its syntax; empty if there is none.
        interpreter: Command of the interpreter; empty if the language has none.
        run: Runs the example; empty if examples cannot be run.
        test: Runs the tests; empty if there is no test runner.
        measure: Arguments added to `test` to measure coverage.
        before_run: Commands that run before the example; the first that fails ends
            the run.
        before_test: The same before the tests.
        after_test: Commands that make the coverage report after measured tests.
        results: Name of the reader of what the tests report: in ``{results}`` if
            `test` names that file, else in the output.
        coverage: Name of the reader of ``{coverage}``; empty if nothing is measured.
        tools: Command that prints a tool's version → how to come by the tool; empty
            if it is not needed after all. All others must be there.
        files: Name of a file that a run needs → its text, for projects that have
            none; placeholders in names are the same, in texts ``{{name}}``.
        copied: Folders that a run needs though tools have made them, such as
            ``node_modules``.
        format: Formats a generated file, from standard input to standard output;
            ``{file}`` is that file here. Empty if nothing formats it.
        runner: Name of the adapter that runs `test` and reads its reports.
        test_file: Name of a test file, with ``{name}``: ``test_{name}.py``.
        example_file: Name of an example file: ``{name}_example.py``.
        environment: Variables for child processes; same placeholders.
    """

    name: str
    extensions: tuple[str, ...]
    header: str = ""
    conventions: str = ""
    comment: str = "#"
    fence: tuple[str, ...] = ()
    syntax: str = ""
    interpreter: str = ""
    run: tuple[str, ...] = ()
    test: tuple[str, ...] = ()
    measure: tuple[str, ...] = ()
    before_run: tuple[tuple[str, ...], ...] = ()
    before_test: tuple[tuple[str, ...], ...] = ()
    after_test: tuple[tuple[str, ...], ...] = ()
    results: str = ""
    coverage: str = ""
    tools: Mapping[str, str] = field(default_factory=dict, hash=False)
    files: Mapping[str, str] = field(default_factory=dict, hash=False)
    copied: tuple[str, ...] = ()
    format: tuple[str, ...] = ()
    runner: str = ""
    test_file: str = ""
    example_file: str = ""
    environment: Mapping[str, str] = field(hash=False)
