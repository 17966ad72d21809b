import pytest

from pdd_tasks.adapters.treesitter.syntax import DIALECTS, TreeSitterSyntax


JS = TreeSitterSyntax("javascript")
TS = TreeSitterSyntax("typescript")
BASH = TreeSitterSyntax("bash")

MODULE = """\
import fs, { join as glue } from "node:path";
import * as util from "./util.js";
export { helper } from "./helper.js";

const LIMIT = 3;

/** Add. */
export function add(a, b = 1, { c } = {}, ...rest) {
  return a + b; // sum
}

export class Stack extends Base {
  #items = [];
  size = 0;
  push(item) {
    this.#items.push(item);
  }
  _grow() {}
  static of(...items) {
    return new Stack(items);
  }
}

export const twice = (x) => add(x, x);
export { LIMIT as MOST };
export default Stack;
const later = await import("./later.js");
"""

TYPED = """\
export interface Shape {
  readonly area: number;
  scale(by: number): Shape;
}
export type Kind = "round" | "square";
export enum Colour { Red = 1, Blue }
export abstract class Base {
  private secret = 1;
  protected kept(): void {}
  constructor(public readonly name: string, size?: number) {}
  abstract area(unit: string): number;
}
export function make<T extends Shape>(kind: Kind, of: T[]): Map<string, T> {
  return new Map();
}
"""

SCRIPT = """\
source "lib/words.sh"
. other.sh
GREETING=hello
readonly LIMIT=3
greet() {
  printf '%s %s\\n' "$GREETING" "$1"
}
function leave { echo bye; }
_own() { :; }
"""


@pytest.mark.parametrize("name", [pytest.param(name, id=name) for name in DIALECTS])
def test_an_empty_text_is_a_program_without_anything(name):
    syntax = TreeSitterSyntax(name)
    assert syntax.problem("") is None
    assert (syntax.interface(""), syntax.public_names("")) == ("", frozenset())
    assert (dict(syntax.tests("")), syntax.imports("")) == ({}, ())


@pytest.mark.parametrize(
    "syntax, text, expected",
    [
        pytest.param(JS, "const a = 1;\nfunction (", "line 2: ", id="javascript"),
        pytest.param(JS, "if (x) {\n", "line 1: ", id="open-block"),
        pytest.param(TS, "let a: = 1;\n", "line 1: ", id="typescript"),
        pytest.param(BASH, "if true; then\n", "line 1: ", id="bash"),
    ],
)
def test_what_does_not_parse_is_told_with_its_line(syntax, text, expected):
    assert (syntax.problem(text) or "").startswith(expected)
    assert syntax.interface(text) == text
    assert syntax.public_names(text) == frozenset()
    assert dict(syntax.tests(text)) == {}


@pytest.mark.parametrize(
    "syntax, text",
    [
        pytest.param(JS, MODULE, id="javascript"),
        pytest.param(TS, TYPED, id="typescript"),
        pytest.param(BASH, SCRIPT, id="bash"),
        pytest.param(
            TreeSitterSyntax("typescriptreact"),
            "export const A = (p: { x: number }) => <b>{p.x}</b>;\n",
            id="typescriptreact",
        ),
        pytest.param(JS, "export const A = (p) => <b>{p.x}</b>;\n", id="jsx"),
    ],
)
def test_programs_parse(syntax, text):
    assert syntax.problem(text) is None


def test_what_a_module_exports_is_public():
    names = {"add", "Stack", "twice", "MOST", "default", "helper"}
    assert JS.public_names(MODULE) == names


@pytest.mark.parametrize(
    "text, expected",
    [
        pytest.param(
            "module.exports = { a, b: c, d() {} };\n", {"a", "b", "d"}, id="object"
        ),
        pytest.param(
            "exports.a = 1;\nmodule.exports.b = () => 2;\n", {"a", "b"}, id="one-by-one"
        ),
        pytest.param("class A {}\nmodule.exports = A;\n", {"A"}, id="class"),
        pytest.param("module.exports = () => 1;\n", {"default"}, id="nameless"),
        pytest.param("export const { a, b: [c] } = x;\n", {"a", "c"}, id="pattern"),
        pytest.param("const a = 1;\n", set(), id="nothing"),
    ],
)
def test_a_module_may_export_in_other_ways(text, expected):
    assert JS.public_names(text) == expected


def test_functions_and_variables_of_bash_are_public():
    assert BASH.public_names(SCRIPT) == {"GREETING", "LIMIT", "greet", "leave"}


def test_an_interface_has_signatures_and_nothing_else():
    told = JS.interface(MODULE)
    assert "export function add ( a b = { c } = ... rest )" in told
    assert (
        "class Stack extends Base { push ( item ) ; size = ; static of ( ... items ) }"
        in told
    )
    for hidden in ("sum", "#items", "_grow", "return", "Add."):
        assert hidden not in told


def test_an_interface_of_types_shows_the_types():
    told = TS.interface(TYPED)
    for shown in (
        "readonly area : number",
        "scale ( by : number ) : Shape",
        "'round'".replace("'", '"'),
        "abstract area ( unit : string ) : number",
        "make < T extends Shape > ( kind : Kind of : T [ ] ) : Map < string T >",
    ):
        assert shown in told
    assert "secret" not in told
    assert "kept" not in told


@pytest.mark.parametrize(
    "syntax, before, after",
    [
        pytest.param(JS, MODULE, MODULE.replace("a + b; // sum", "b + a;"), id="body"),
        pytest.param(JS, MODULE, MODULE.replace("/** Add. */\n", ""), id="comment"),
        pytest.param(JS, MODULE, MODULE.replace("b = 1", "b = 2"), id="default"),
        pytest.param(JS, MODULE, MODULE.replace("LIMIT = 3", "LIMIT = 4"), id="value"),
        pytest.param(
            JS, MODULE, MODULE.replace("(x) => add(x, x)", "(x) => 2 * x"), id="arrow"
        ),
        pytest.param(TS, TYPED, TYPED.replace("new Map()", "new Map([])"), id="typed"),
        pytest.param(BASH, SCRIPT, SCRIPT.replace("hello", "hi"), id="bash-value"),
        pytest.param(
            BASH, SCRIPT, SCRIPT.replace("echo bye", "echo so long"), id="bash"
        ),
    ],
)
def test_what_no_caller_sees_leaves_the_interface_as_it_is(syntax, before, after):
    assert before != after
    assert syntax.interface(before) == syntax.interface(after)
    assert syntax.public_names(before) == syntax.public_names(after)


@pytest.mark.parametrize(
    "syntax, before, after",
    [
        pytest.param(
            JS, MODULE, MODULE.replace("add(a, b", "add(a, z"), id="parameter"
        ),
        pytest.param(
            JS, MODULE, MODULE.replace("push(item)", "push(item, n)"), id="method"
        ),
        pytest.param(JS, MODULE, MODULE.replace("(x) =>", "(x, y) =>"), id="arrow"),
        pytest.param(
            TS, TYPED, TYPED.replace("unit: string", "unit: number"), id="type"
        ),
        pytest.param(TS, TYPED, TYPED.replace('| "square"', ""), id="alias"),
        pytest.param(BASH, SCRIPT, SCRIPT.replace("greet()", "welcome()"), id="bash"),
    ],
)
def test_what_a_caller_sees_changes_the_interface(syntax, before, after):
    assert before != after
    assert syntax.interface(before) != syntax.interface(after)


@pytest.mark.parametrize(
    "syntax, before, after",
    [
        pytest.param(JS, "f( a,b ) // x\n", "/* y */ f(a, b);\n", id="javascript"),
        pytest.param(BASH, "f a  b # x\n", "f a b\n", id="bash"),
        pytest.param(BASH, "a; b\n", "a\nb\n", id="bash-lines"),
    ],
)
def test_comments_and_layout_are_no_behaviour(syntax, before, after):
    assert syntax.behaviour(before) == syntax.behaviour(after)


@pytest.mark.parametrize(
    "syntax, before, after",
    [
        pytest.param(
            JS, "function f() { return\n1 }", "function f() { return 1 }", id="asi"
        ),
        pytest.param(JS, "for (;x;) {}", "for (;;x) {}", id="for"),
        pytest.param(JS, 'f("a  b")', 'f("a b")', id="string"),
        pytest.param(JS, "f(`a\n  ${b}`)", "f(`a\n ${b}`)", id="template"),
        pytest.param(JS, "a - b", "a + b", id="operator"),
        pytest.param(BASH, 'f "a  b"', 'f "a b"', id="bash-string"),
        pytest.param(BASH, "f a b", "f ab", id="bash-words"),
        pytest.param(BASH, "cat <<E\n a\nE\n", "cat <<E\na\nE\n", id="heredoc"),
    ],
)
def test_what_runs_otherwise_is_another_behaviour(syntax, before, after):
    assert syntax.behaviour(before) != syntax.behaviour(after)


def test_used_names_are_those_of_calls_and_members():
    assert {"add", "push", "glue", "join"} <= JS.used_names(MODULE + "glue(s.push);\n")
    assert {"greet", "GREETING"} <= BASH.used_names("greet x; echo $GREETING\n")


def test_imports_are_told_as_they_are_written():
    told = ("node:path", "./util.js", "./helper.js", "./later.js")
    assert JS.imports(MODULE) == told
    assert JS.imports('const a = require("./a"); b("./c");\n') == ("./a",)
    assert BASH.imports(SCRIPT) == ("lib/words.sh", "other.sh")


def test_definitions_have_qualified_names():
    assert {"add", "Stack", "Stack.push", "LIMIT"} <= set(JS.definitions(MODULE))
    assert {"greet", "leave"} <= set(BASH.definitions(SCRIPT))


@pytest.mark.parametrize(
    "syntax, text, expected",
    [
        pytest.param(
            JS,
            "a();\n// ... rest of the code unchanged\n",
            'line 2: "// ...',
            id="line",
        ),
        pytest.param(JS, "/*\n * x\n */\n// other helpers\na();\n", None, id="heading"),
        pytest.param(BASH, "f\n# ... existing code ...\n", 'line 2: "# ...', id="bash"),
        pytest.param(
            JS, "a(\n// ... rest of the code\n", 'line 2: "// ...', id="broken"
        ),
        pytest.param(JS, "f(...rest);\n", None, id="spread"),
    ],
)
def test_a_place_where_code_was_left_out_is_found(syntax, text, expected):
    found = syntax.elision(text)
    assert found is None if expected is None else (found or "").startswith(expected)


@pytest.mark.parametrize("name", [pytest.param(name, id=name) for name in DIALECTS])
def test_deep_nesting_breaks_nothing(name):
    syntax = TreeSitterSyntax(name)
    deep = "(" * 3000 + "x" + ")" * 3000
    for text in (f"export const a = {deep};\n", f"int a = {deep};\n", deep, "[" * 9000):
        assert isinstance(syntax.interface(text), str)
        assert isinstance(syntax.behaviour(text), str)
        syntax.problem(text)
        syntax.public_names(text)
        syntax.accumulated("", text)


def test_groups_in_groups_without_end_are_no_tests():
    text = "describe('g', () => {" * 3000 + "it('a', f);" + "});" * 3000
    assert dict(JS.tests(text)) == {}
    assert JS.without_tests(text, ["a"]) == text
