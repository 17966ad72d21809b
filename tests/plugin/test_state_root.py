from pathlib import PurePosixPath

import pytest

from pdd_tasks.errors import ConfigError
from pdd_tasks.plugin.state_root import (
    named_roots,
    prompts,
    state_roots,
)


def laid(top, *files):
    for name in files:
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).touch()


def test_the_folder_itself_is_always_a_state_root(tmp_path):
    assert state_roots(tmp_path) == (PurePosixPath(),)


def test_folders_with_a_pddrc_are_state_roots(tmp_path):
    laid(tmp_path, ".pddrc", "b/.pddrc", "b/deep/er/.pddrc", "a/pyproject.toml")
    found = [str(one) for one in state_roots(tmp_path)]
    assert found == [".", "b", "b/deep/er"]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param([".git/x/.pddrc"], id="hidden"),
        pytest.param(["node_modules/x/.pddrc"], id="node-modules"),
        pytest.param(["venv/pyvenv.cfg", "venv/lib/.pddrc"], id="virtual-environment"),
        pytest.param(["target/CACHEDIR.TAG", "target/x/.pddrc"], id="cache"),
    ],
)
def test_foreign_folders_hold_no_state_roots(tmp_path, files):
    laid(tmp_path, *files)
    assert state_roots(tmp_path) == (PurePosixPath(),)


def test_links_lead_to_no_state_root(tmp_path):
    laid(tmp_path, "a/.pddrc")
    (tmp_path / "a/again").symlink_to(tmp_path)
    assert [str(one) for one in state_roots(tmp_path)] == [".", "a"]


def test_a_folder_that_is_not_there_has_no_contents(tmp_path):
    assert state_roots(tmp_path / "none") == (PurePosixPath(),)


def test_prompts_are_sorted(tmp_path):
    laid(tmp_path, "prompts/b.prompt", "prompts/a/c.prompt", "prompts/a.txt")
    found = prompts(tmp_path, PurePosixPath(), PurePosixPath("prompts"))
    assert found == ["a/c.prompt", "b.prompt"]


def test_a_prompts_folder_without_permission_is_refused(tmp_path):
    laid(tmp_path, "prompts")
    with pytest.raises(ConfigError, match="folder x/prompts cannot be read"):
        prompts(tmp_path, PurePosixPath("x"), PurePosixPath("prompts"))


def test_roots_are_looked_for_in_the_folders_that_are_named_each_once(tmp_path):
    laid(tmp_path, "a/.pddrc", "b/c/.pddrc", "d/file", "e")
    found = [str(one) for one in named_roots(tmp_path, ("b", "a*", "a", "?"))]
    assert found == ["a", "b", "b/c", "d"]


def test_a_pattern_of_folders_may_match_none(tmp_path):
    assert named_roots(tmp_path, ("x*",)) == ()


def test_a_folder_that_is_named_and_is_not_there_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="names the folder x, which does not exist"):
        named_roots(tmp_path, ("x",))
