"""Units of a project that brings its own tools: tsx and vitest, from npm's registry."""

import json
import os
import shutil
import subprocess

import pytest
from unit_cases import made, missing, replies


pytestmark = [pytest.mark.slow, pytest.mark.network]
PACKAGES = (
    *("tsx@4", "vitest@3", "@vitest/coverage-v8@3"),
    *("jest@30", "@babel/core@7", "@babel/preset-env@7"),
)
BABEL = {"presets": [["@babel/preset-env", {"targets": {"node": "current"}}]]}
NPM = ("npm", "install", "--no-audit", "--no-fund", "--silent", "--ignore-scripts")


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    """Return a folder with the packages; without a registry the tests are skipped."""
    if not shutil.which("npm"):
        pytest.skip("npm is not here")
    folder = tmp_path_factory.mktemp("packages")
    (folder / "package.json").write_text("{}")
    ended = subprocess.run(
        [*NPM, *PACKAGES], cwd=folder, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        pytest.skip(f"npm's registry does not answer: {ended.stderr.strip()[-200:]}")
    return folder / "node_modules"


def project_with(packages, root, wanted):
    """Let a project name some packages, and have them all."""
    told: dict[str, object] = {"devDependencies": dict.fromkeys(wanted, "*")}
    told |= {"babel": BABEL} if "jest" in wanted else {"type": "module"}
    (root / "package.json").write_text(json.dumps(told))
    target = root / "node_modules"
    shutil.copytree(packages, target, symlinks=True, copy_function=os.link)
    return root


@pytest.mark.parametrize(
    "language, wanted",
    [
        pytest.param("typescript", ["tsx"], id="typescript by tsx"),
        pytest.param("javascript", ["vitest"], id="javascript by vitest"),
        pytest.param("javascript", ["jest"], id="javascript by jest"),
    ],
)
def test_a_unit_is_made_by_what_the_project_brings(
    packages, tmp_path, language, wanted
):
    root = project_with(packages, tmp_path, wanted)
    assert missing(language, root) == []
    said = replies(language)
    if "vitest" in wanted:
        said["test"] = said["test"].replace('"node:test"', '"vitest"')
    if "jest" in wanted:
        imported = 'import { describe, it } from "node:test";\n'
        assert imported in said["test"]
        said["test"] = said["test"].replace(imported, "")
    unit = made(language, root, said)
    assert unit.first.code == 0, unit.first.text
    assert unit.report["tests_passed"] == 4
    coverage = unit.report["coverage"]
    assert isinstance(coverage, float)
    assert coverage > 50
    assert unit.second.out == "sync: 1 unit in sync; nothing to do\n"
    assert str(tmp_path) not in unit.sent
