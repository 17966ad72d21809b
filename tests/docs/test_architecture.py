"""The page on the architecture speaks of files and packages that are there."""

import re
from pathlib import Path

import pages
import pytest


PAGE = (pages.ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
FILES = [
    "dodo.py",
    *(
        path.relative_to(pages.ROOT).as_posix()
        for folder in ("pdd_tasks", "tests", "benchmarks")
        for path in (pages.ROOT / folder).rglob("*.[cp]*")
    ),
]
PACKAGES = sorted(
    file.parent.relative_to(pages.ROOT).as_posix()
    for file in (pages.ROOT / "pdd_tasks").rglob("__init__.py")
)


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`([\w/]+\.(?:py|c))`", PAGE))))
def test_every_file_that_is_named_is_there(name: str) -> None:
    assert [file for file in FILES if f"/{file}".endswith(f"/{name}")]


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_is_in_the_picture(package: str) -> None:
    picture = PAGE.partition("```text\n")[2].partition("```")[0]
    assert f"{Path(package).name}/" in picture
