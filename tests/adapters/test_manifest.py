import json

import pytest
from publishing import UNIT, old_project, put, tree

from pdd_tasks.adapters.transactions import Transactions
from pdd_tasks.errors import StateError


@pytest.fixture
def root(tmp_path):
    return old_project(tmp_path / "project")


def manifest(**changes: object) -> str:
    entry = {"path": "src/a.py", "slot": "0", "old": None, "new": "0" * 64, "mode": 420}
    return json.dumps({"schema": 1, "unit": "a", "entries": [entry | changes]})


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{", id="not JSON"),
        pytest.param("[]", id="not an object"),
        pytest.param(json.dumps({"schema": "1"}), id="no schema number"),
        pytest.param(json.dumps({"schema": 2}), id="newer"),
        pytest.param(json.dumps({"schema": 1}), id="no entries"),
        pytest.param(json.dumps({"schema": 1, "entries": [{}]}), id="not an entry"),
        pytest.param(manifest(path="../outside"), id="outside"),
        pytest.param(manifest(path=1), id="no path"),
        pytest.param(manifest(slot="../../src/a.py"), id="slot outside"),
        pytest.param(manifest(old="1"), id="no old digest"),
        pytest.param(manifest(new=None), id="no new digest"),
        pytest.param(manifest(mode=-1), id="no mode"),
    ],
)
def test_a_manifest_that_cannot_be_used_is_refused_and_nothing_touched(root, text):
    put(root / ".pdd/txn/a_python.00000000/0", b"half")
    put(root / ".pdd/txn/a_python.11111111/0", b"new")
    put(root / ".pdd/txn/a_python.11111111/manifest.json", text.encode())
    before = tree(root)

    with pytest.raises(StateError, match=r"a_python\.11111111/manifest\.json"):
        Transactions(root).recover(UNIT)

    assert tree(root) == before
