"""In JavaScript a failing test of a person is met by the code, and a bug is shown."""

import shutil

import pytest
from model_server import Answer, Body, ModelServer, Say
from surface import kind, live
from unit_cases import made, replies


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("node"), reason="node is not here"),
]
TESTS = "tests/clamp.test.js"
CODE = "src/clamp.js"
WANTED = """
it("refuses nothing at all", () => {
  assert.throws(() => clamp(undefined, 0, 10), TypeError);
});
"""
GUARD = '  if (value === undefined) {\n    throw new TypeError("no value");\n  }\n'
BUG = """```javascript
import assert from "node:assert/strict";
import { it } from "node:test";

import { clamp } from "../src/clamp.js";

it("gives null as it is", () => {
  assert.equal(clamp(null, 1, 10), null);
});
```
"""


def fenced(text):
    return f"```javascript\n{text}```\n"


def test_a_test_of_a_person_is_met_and_a_bug_is_shown(tmp_path):
    said = replies("javascript")
    project = made("javascript", tmp_path, said).project
    project.write(TESTS, project.read(TESTS) + WANTED)
    repaired = project.read(CODE).replace("  if (lowest", f"{GUARD}  if (lowest", 1)
    said |= {"fix": fenced(repaired), "generate": fenced(repaired), "bug": BUG}

    def answer(body: Body) -> Answer:
        return Say(said[kind(body)])

    with ModelServer(answer) as server:
        fixed = project.doit(*live(server, "sync:clamp_javascript"))
        shown = project.doit(*live(server, "bug", "clamp", "clamp(null, 1, 10) is 1"))
    assert fixed.code == 0, fixed.text
    assert "refuses nothing at all: AssertionError" in fixed.out
    assert project.read(CODE) == repaired
    assert shown.code == 0, shown.text
    assert "at tests/clamp.test.js:" in shown.out
    comment = '// Bug: clamp(null, 1, 10) is 1\nit("gives null as it is"'
    assert comment in project.read(TESTS)
    assert WANTED in project.read(TESTS)
