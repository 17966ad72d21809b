import pytest

from pdd_tasks.adapters.treesitter.syntax import TreeSitterSyntax


JS = TreeSitterSyntax("javascript")
BASH = TreeSitterSyntax("bash")

OLD = """\
import assert from "node:assert/strict";
import { describe, it, test } from "node:test";
import { add } from "../src/calc.js";

const ONE = 1;

// It adds.
test("adds", () => {
  assert.equal(add(ONE, 2), 3);
});

describe("text", () => {
  it("is refused", () => {
    assert.throws(() => add("a", 1), TypeError);
  });
});
"""
NEW = """\
import assert from "node:assert/strict";
import { test } from "node:test";
import { add, subtract } from "../src/calc.js";

const three = () => add(1, 2);

test("adds none", () => {
  assert.equal(add(0, 0), 0);
});

describe("more", () => {
  // Down.
  it("subtracts", () => {
    assert.equal(subtract(three(), 1), 2);
  });
});
"""


def test_tests_are_named_by_their_groups():
    assert list(JS.tests(OLD)) == ["adds", "text::is refused"]


@pytest.mark.parametrize(
    "text, expected",
    [
        pytest.param("test.skip('a b', () => {});", ["a b"], id="skip"),
        pytest.param("it.only(`a`, () => {});", ["a"], id="only"),
        pytest.param("await test('a', () => {});", ["a"], id="await"),
        pytest.param(
            "it('a [1]', { timeout: 1 }, () => {});", ["a (1)"], id="brackets"
        ),
        pytest.param("it('it\\'s', () => {});", ["it's"], id="quote"),
        pytest.param("test(`a ${b}`, () => {});", [], id="name-of-a-run"),
        pytest.param("t.test('a', () => {});", [], id="member"),
        pytest.param("describe('g', () => { f(); });", [], id="empty-group"),
        pytest.param(
            "suite('g', function () { describe('h', () => { it('a', f); }); });",
            ["g::h::a"],
            id="groups",
        ),
    ],
)
def test_calls_are_tests_by_what_is_called(text, expected):
    assert list(JS.tests(text)) == expected


def test_new_tests_come_with_what_they_need():
    done = JS.accumulated(OLD, NEW)
    assert done.added == ("adds none", "more::subtracts")
    assert dict(done.refused) == {}
    assert done.text == OLD.replace(
        'from "../src/calc.js";\n',
        'from "../src/calc.js";\nimport { subtract } from "../src/calc.js";\n',
    ) + "".join(
        f"\n{part}\n"
        for part in (
            "const three = () => add(1, 2);",
            'test("adds none", () => {\n  assert.equal(add(0, 0), 0);\n});',
            NEW[NEW.index('describe("more"') :].rstrip(),
        )
    )


def test_added_again_nothing_is_added():
    once = JS.accumulated(OLD, NEW)
    again = JS.accumulated(once.text, NEW)
    assert (again.text, again.added) == (once.text, ())
    assert set(again.refused.values()) == {
        "same as adds none",
        "same as more::subtracts",
    }


def test_without_older_tests_all_are_taken():
    done = JS.accumulated("", NEW)
    assert (done.text, done.added) == (NEW, ("adds none", "more::subtracts"))


@pytest.mark.parametrize(
    "new, name, why",
    [
        pytest.param(
            'test("sums", () => {\n  assert.equal(add(ONE, 2), 3); // same\n});\n',
            "sums",
            "same as adds",
            id="body",
        ),
        pytest.param(
            'test("adds", () => { assert.equal(add(2, 2), 4); });\n',
            "adds",
            "stands with another body",
            id="id",
        ),
        pytest.param(
            'const ONE = 7;\ntest("x", () => { assert.equal(add(ONE, 1), 8); });\n',
            "x",
            "ONE means something else",
            id="helper",
        ),
        pytest.param(
            'const ONE = 7;\nconst two = () => ONE;\ntest("x", () => { two(); });\n',
            "x",
            "ONE means something else",
            id="helper-of-helper",
        ),
        pytest.param(
            'import { plus as add } from "../src/calc.js";\ntest("x", () => add(1));\n',
            "x",
            "add means something else",
            id="import",
        ),
        pytest.param(
            'const TypeError = Error;\ntest("x", () => { new TypeError(); });\n',
            "x",
            "TypeError means something else",
            id="built-in",
        ),
    ],
)
def test_what_would_disturb_or_repeat_is_refused(new, name, why):
    done = JS.accumulated(OLD, new)
    assert (done.text, done.added) == (OLD, ())
    assert why in done.refused[name]


def test_what_runs_for_its_effect_is_left_out():
    new = 'beforeEach(() => { globalThis.x = 1; });\ntest("x", () => { add(4, 4); });\n'
    done = JS.accumulated(OLD, new)
    assert done.added == ("x",)
    assert "beforeEach" not in done.text
    assert "for the older tests" in next(iter(done.refused.values()))


def test_new_tests_that_do_not_parse_are_refused():
    done = JS.accumulated(OLD, "test('x', () => {")
    assert (done.text, done.added) == (OLD, ())
    assert "line 1" in done.refused["the new tests"]


def test_nothing_is_added_to_tests_that_do_not_parse():
    done = JS.accumulated("test('x', () => {\n", NEW)
    assert done.added == ()
    assert set(done.refused.values()) == {"the older tests do not parse"}


def test_line_ends_of_the_old_file_are_kept():
    old = OLD.replace("\n", "\r\n")
    done = JS.accumulated(old, NEW)
    assert done.added
    assert done.text.startswith(old[: old.index("src/calc")])
    assert "\n" not in done.text.replace("\r\n", "")


def test_a_file_without_some_tests_keeps_its_other_lines():
    left = JS.without_tests(OLD, ["adds"])
    assert left == OLD.replace(OLD[OLD.index("\n// It") : OLD.index("\ndescribe")], "")
    assert JS.without_tests(OLD, ["text::is refused"]) == OLD[: OLD.index("\ndescribe")]
    assert JS.without_tests(OLD, []) == OLD


def test_tests_on_one_line_are_told_apart():
    text = "test('a', f); test('b', g); test('c', h);\n"
    assert list(JS.tests(JS.without_tests(text, ["b"]))) == ["a", "c"]
    assert list(JS.tests(JS.without_tests(text, ["a", "c"]))) == ["b"]


def test_a_comment_goes_right_above_a_test():
    text = JS.with_comment(OLD, "text::is refused", ["// Bug:", "// text"])
    assert '  // Bug:\n  // text\n  it("is refused"' in text
    assert JS.with_comment(OLD, "nothing", ["// x"]) == OLD


SHELL = """\
#!/usr/bin/env bash
source src/greet.sh

name=Bo

test_greets() {
  [ "$(greet "$name")" = "hello Bo" ]
}
"""


def test_functions_of_bash_are_added():
    new = (
        "source src/greet.sh\nsource src/more.sh\n"
        "help() { more; }\ntest_more() { help; }\n"
    )
    done = BASH.accumulated(SHELL, new)
    assert (done.added, dict(done.refused)) == (("test_more",), {})
    assert done.text == SHELL.replace(
        "greet.sh\n", "greet.sh\nsource src/more.sh\n"
    ) + ("\nhelp() { more; }\n\ntest_more() { help; }\n")


@pytest.mark.parametrize(
    "new, name, why",
    [
        pytest.param(
            "name=Al\ntest_x() { greet $name; }\n", "test_x", "name means", id="name"
        ),
        pytest.param(
            "test_greets() { false; }\n", "test_greets", "another body", id="id"
        ),
        pytest.param(
            "greet() { :; }\ntest_x() { greet; }\n", "test_x", "greet means", id="code"
        ),
    ],
)
def test_what_would_disturb_tests_of_bash_is_refused(new, name, why):
    done = BASH.accumulated(SHELL, new)
    assert (done.text, done.added) == (SHELL, ())
    assert why in done.refused[name]
