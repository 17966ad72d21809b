"""Every recorded reply of an example is used by its sync, and none is missing.

The gate runs these tests on each Python: a request whose key depended on it would
find no recording there, and leave one over.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import reads
from project import Project, clean_environment


needs_node = pytest.mark.skipif(not shutil.which("node"), reason="node is not here")


@pytest.mark.parametrize(
    "name",
    ["calculator", "roman", "receipt", pytest.param("duration", marks=needs_node)],
)
def test_a_sync_asks_for_exactly_what_is_recorded(tmp_path, name):
    project = Project.of_example(name, tmp_path)
    cache = project.root / ".pdd/cache"
    committed = {str(path) for path in cache.rglob("*.json")}
    asked = _asked_for(project)
    for code in filter(Path.is_file, (project.root / "src").iterdir()):
        code.unlink()  # made again, now beside its tests
    asked |= _asked_for(project)
    assert committed
    assert asked == committed


def _asked_for(project):
    """Return the recordings that a sync reads."""
    listed, cache = project.root.parent / "listed", project.root / ".pdd/cache"
    done = subprocess.run(
        [sys.executable, reads.__file__, listed, cache, "--", "doit", "sync"],
        cwd=project.root,
        env=clean_environment(),
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 live calls" in done.stdout
    return {path for path in listed.read_text().splitlines() if path.endswith("json")}
