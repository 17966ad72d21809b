"""The contract with doit, held by the oldest and the newest version supported."""

import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest
from project import ROOT


CONTRACT = Path(__file__).with_name("test_doit_contract.py")


def supported() -> str:
    """Return the range of versions that the program asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    found = (re.match(r"doit(?=[<>=~!])(.*)", one) for one in project["dependencies"])
    return next(one[1] for one in found if one)


def installed(folder: Path, *packages: str) -> Path:
    """Make an environment with packages, and return its Python."""
    venv.create(folder, with_pip=True)
    python = folder / "bin/python"
    command = [str(python), "-m", "pip", "install", "--quiet", *packages]
    subprocess.run(command, check=True, timeout=300)
    return python


def version(python: Path) -> str:
    """Return the version of doit that a Python has."""
    code = "from importlib.metadata import version; print(version('doit'))"
    said = subprocess.run([python, "-c", code], check=True, capture_output=True)
    return said.stdout.decode().strip()


@pytest.mark.slow
@pytest.mark.parametrize("which", ["oldest", "newest"])
def test_the_contract_is_kept_by(which, tmp_path, capsys):
    bounds = supported()
    oldest = re.search(r">=([\d.]+)", bounds)
    assert oldest, bounds
    wanted = f"doit=={oldest[1]}.*" if which == "oldest" else f"doit{bounds}"
    python = installed(tmp_path / "venv", wanted, "pytest")
    found = version(python)
    alone = ("--noconftest", "-p", "no:cacheprovider", "-c", "/dev/null")
    command = [str(python), "-m", "pytest", "-q", *alone]
    ended = subprocess.run(
        [*command, "--rootdir", str(tmp_path), str(CONTRACT)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    with capsys.disabled():
        only = which == "newest" and f"{found}.".startswith(f"{oldest[1]}.")
        more = " (there is no newer one)" if only else ""
        sys.stderr.write(f"\n{which} doit of {bounds}: {found}{more}\n")
    assert ended.returncode == 0, ended.stdout
