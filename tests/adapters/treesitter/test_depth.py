"""What is nested thousands of levels deep is read, added to and merged all the same."""

import pytest

from pdd_tasks.adapters.treesitter.structure import TreeSitterStructure
from pdd_tasks.adapters.treesitter.syntax import TreeSitterSyntax


DEPTH = 1050  # beyond what a function that calls itself for each level survives


def deep(before, after, inside="", depth=DEPTH):
    return before * depth + inside + after * depth


DEEP = [
    pytest.param("bash", deep("f() {\n", "}\n", "true\n"), id="bash functions"),
    pytest.param("c", deep("#ifdef A\n", "#endif\n", "int a;\n"), id="c conditions"),
    pytest.param("c", f"int a{'[1]' * DEPTH};\nint {'*' * DEPTH}b;\n", id="c types"),
    pytest.param("cpp", deep("namespace a {\n", "}\n", "int f();\n"), id="namespaces"),
    pytest.param("cpp", "template <class T>\n" * DEPTH + "T f();\n", id="templates"),
    pytest.param(
        "go", f"package a\n\nfunc F(a {deep('func(b ', ')', 'int')}) {{}}\n", id="go"
    ),
    pytest.param(
        "java", deep("class A {\n", "}\n", "@Test void t() {}\n"), id="java classes"
    ),
    pytest.param(
        "javascript",
        deep("describe('a', () => {\n", "});\n", "test('b', () => {});\n"),
        id="javascript groups",
    ),
    pytest.param(
        "rust", deep("mod a {\n", "}\n", "#[test]\nfn t() {}\n"), id="rust modules"
    ),
    pytest.param("rust", f"use {deep('a::{', '}', 'b')};\n", id="rust uses"),
    pytest.param(
        "typescriptreact", f"export type T = {deep('A<', '>', 'x')};\n", id="types"
    ),
]


@pytest.mark.parametrize("name, text", DEEP)
def test_a_deep_program_is_read(name, text):
    syntax = TreeSitterSyntax(name)
    assert syntax.problem(text) is None
    assert syntax.interface(text) == syntax.interface(text + "\n")
    assert syntax.behaviour(text) == syntax.behaviour(text + "\n")
    assert syntax.elision(text) is None
    assert syntax.public_names(text) <= syntax.used_names(text) | {"default"}
    assert len(syntax.definitions(text)) < DEPTH
    assert syntax.imports(text) is not None


@pytest.mark.parametrize("name, text", DEEP)
def test_a_deep_file_of_tests_is_added_to(name, text):
    syntax = TreeSitterSyntax(name)
    assert syntax.accumulated(text, text).text == text
    assert syntax.without_tests(text, ["nothing"]) == text


@pytest.mark.parametrize("name, text", DEEP)
def test_deep_programs_are_merged_or_left_to_lines(name, text):
    structure = TreeSitterStructure(name)
    mark = "#" if name == "bash" else "//"
    mine, generated = f"{mark} mine\n{text}", f"{text}{mark} generated\n"
    merged = structure.merged(text, mine, generated)
    assert merged is None or {"mine", "generated"} <= set(merged.text.split())
    assert structure.objection(text, mine, generated, mine) is None
    assert structure.reordered(text, generated) == generated


@pytest.mark.parametrize("name, text", DEEP)
def test_a_deep_program_that_is_cut_off_is_refused_with_its_line(name, text):
    cut = text.rstrip()[: len(text) // 2]
    assert (TreeSitterSyntax(name).problem(cut) or "").startswith("line ")
