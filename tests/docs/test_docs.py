"""What the documentation says is what the program does."""

import functools
import re
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pages
import pytest

from pdd_tasks.core.model.step import Step
from pdd_tasks.errors import ExitCode
from pdd_tasks.plugin.languages import _FORMS as LANGUAGE_KEYS
from pdd_tasks.plugin.pddrc import load_pddrc
from pdd_tasks.plugin.selection import AFFECTED
from pdd_tasks.plugin.setting import IGNORED, KEYS
from pdd_tasks.plugin.sharing import TOKEN


README = pages.ROOT / "README.md"
REFERENCE = pages.ROOT / "docs" / "reference.md"
TUTORIAL = pages.ROOT / "docs" / "tutorial.md"
every_page = pytest.mark.parametrize(
    "page", [pytest.param(page, id=pages.name(page)) for page in pages.PAGES]
)


@functools.cache
def help_of(*words: str) -> str:
    ended = subprocess.run(
        [str(Path(sys.executable).with_name("doit")), "help", *words],
        cwd=pages.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return ended.stdout


@pytest.fixture(scope="module")
def known_commands() -> frozenset[str]:
    return frozenset(re.findall(r"^ {2}doit ([\w-]+) {2,}", help_of(), re.MULTILINE))


@every_page
def test_every_link_leads_somewhere(page: Path) -> None:
    text = pages.prose(page)
    links = re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`", "", text))
    broken = [link for link in links if not leads_somewhere(page, link)]
    assert broken == []


def leads_somewhere(page: Path, link: str) -> bool:
    if link.startswith("https://"):
        return True
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    return target.exists() and (not anchor or anchor in anchors(target))


def anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.*)$", pages.prose(page), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", title.lower()) for title in titles)
    return {title.replace(" ", "-") for title in plain}


@every_page
def test_every_command_exists(page: Path, known_commands: frozenset[str]) -> None:
    unknown = [
        words
        for words in pages.doit_words(page)
        for first in [next((w for w in words if is_name(w)), "run")]
        if first not in known_commands and not re.match(r"sync\b", first)
    ]
    assert unknown == []


def is_name(word: str) -> bool:
    return not word.startswith("-") and "=" not in word and not word.isdigit()


@every_page
def test_every_option_belongs_to_its_command(
    page: Path, known_commands: frozenset[str]
) -> None:
    strange = [
        (command, word)
        for words in pages.doit_words(page)
        for command in [words[0] if words and words[0] in known_commands else "run"]
        for word in words
        if word.startswith("-") and not offered(word, help_of(command))
    ]
    assert strange == []


def offered(option: str, text: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", text) is not None


@every_page
def test_every_setting_given_to_a_command_exists(page: Path) -> None:
    given = [
        word.partition("=")[0]
        for words in pages.doit_words(page)
        for word in words
        if re.match(r"[a-z_]+=", word)
    ]
    assert set(given) <= {*KEYS, AFFECTED}


@every_page
def test_every_step_that_is_named_exists(page: Path) -> None:
    named = re.findall(r"\bsync:[\w/]+:([a-z-]+)", page.read_text(encoding="utf-8"))
    assert set(named) <= set(Step)


@every_page
def test_every_variable_of_ours_exists(page: Path) -> None:
    named = re.findall(r"\bPDD_[A-Z_]+\b", page.read_text(encoding="utf-8"))
    ours = {f"PDD_{key.upper()}" for key in KEYS}
    more = {variable for row in KEYS.values() for variable in row.variables}
    assert set(named) <= ours | more | {TOKEN}


@pytest.mark.parametrize("mark", ["ci: first", "ci: second"])
def test_the_readme_has_one_command_for_each_mark_of_the_gate(mark: str) -> None:
    found = pages.marked(mark)
    assert [block.page for block in found] == [README]
    assert len(found[0].body.splitlines()) == 1


def test_the_gate_takes_the_commands_of_the_readme() -> None:
    gate = (pages.ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "as_read first" in gate
    assert "as_read second" in gate
    assert "pip install -e" not in gate


def test_the_readme_shows_what_the_tutorial_shows() -> None:
    [shown] = pages.marked("doit sync:calculator")
    assert shown.body in TUTORIAL.read_text(encoding="utf-8")


def test_every_dodo_file_that_is_shown_is_the_same() -> None:
    shown = {block.body for block in pages.marked("dodo.py")}
    assert len(shown) == 1
    assert "DOIT_CONFIG, task_sync = doit_project(" in shown.pop()


def test_every_pddrc_that_is_shown_can_be_read(tmp_path: Path) -> None:
    shown = pages.marked(".pddrc")
    for block in shown:
        (tmp_path / ".pddrc").write_text(block.body, encoding="utf-8")
        assert load_pddrc(tmp_path, PurePosixPath()) is not None
    assert len(shown) > 1


@pytest.mark.parametrize(
    "command",
    [pytest.param(name, id=name) for name in ("pending", "doctor")],
)
def test_help_on_a_command_is_what_the_program_prints(command: str) -> None:
    [shown] = pages.marked(f"doit help {command}")
    ours, _, rest = help_of(command).partition("\n    DB backend\n")
    description = rest[rest.index("\nDESCRIPTION\n") :]
    assert shown.body.strip() == f"{ours.strip()}\n{description.rstrip()}"


def test_the_exit_codes_are_those_of_the_code() -> None:
    source = (pages.ROOT / "pdd_tasks" / "errors.py").read_text(encoding="utf-8")
    said = re.findall(r"^    [A-Z_]+ = (\d+)  # (.*)$", source, re.MULTILINE)
    assert pages.table(pages.section(REFERENCE, "Exit codes")) == [
        list(c) for c in said
    ]
    assert [int(code) for code, _ in said] == list(ExitCode)


def test_the_table_of_settings_is_what_the_code_makes() -> None:
    script = pages.ROOT / "scripts" / "settings_table.py"
    ended = subprocess.run(
        [sys.executable, str(script), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (0, "")


def test_the_keys_that_do_nothing_are_named() -> None:
    text = pages.section(REFERENCE, ".pddrc")
    line = next(one for one in text.splitlines() if "do nothing" in one)
    assert set(re.findall(r"`(\w+)`", line)) == set(IGNORED)


def test_the_keys_of_languages_are_those_of_the_code() -> None:
    rows = pages.table(pages.section(REFERENCE, "languages.yaml"))
    said = {row[0].strip("`"): row[1] for row in rows}
    assert said == {key: form.expected for key, form in LANGUAGE_KEYS.items()}
