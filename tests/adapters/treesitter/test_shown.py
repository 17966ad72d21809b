import pytest

from pdd_tasks.adapters.treesitter.syntax import TreeSitterSyntax
from pdd_tasks.core.plan.interface_change import interface_change


JS = """\
// Shows it.
import { add } from "../src/calc.js";
import fs from "node:fs";

const found = [1, 2].map((x) => add(x, 2));
console.log(`sum: ${add(1, -2)}`, found.length);
console.log("done");
"""
TS = """\
import { Stack, type Item } from "../src/stack.ts";

const stack = new Stack<Item>([{ size: 1 }, { size: 1 }]);
console.log(stack.push(3) as Item);
"""
GO = """\
package main

import (
	"fmt"

	"project/src"
)

func main() {
	// A stack.
	stack := src.New([]int{1, 2})
	fmt.Println("size:", stack.Size, src.Limit)
	stack.Push(-3)
}
"""
RUST = """\
use calc::{add, Stack};

fn main() {
    // Adds.
    let list = vec![1, 2];
    println!("{:?} {}", add(1, 2), list.len());
    let stack = Stack::new(8);
    println!("{}", stack.size);
}
"""
JAVA = """\
import java.util.List;

class StackExample {
    /** Runs. */
    public static void main(String[] words) {
        Stack stack = new Stack(List.of(1, 2));
        System.out.println("size " + stack.size());
        try {
            stack.pop();
        } catch (IllegalStateException error) {
            System.out.println(error.getMessage());
        }
    }
}
"""
C = """\
#include <stdio.h>

#include "clamp.h"

int main(void)
{
    int list[] = {1, 2}; /* two */
    struct pair found = clamp(12, 0, list);
    printf("%d\\n", found.low);
    return 0;
}
"""
CPP = """\
#include <iostream>

#include "clamp.hpp"

int main()
{
    std::cout << Clamp(0, 10).clamp(12) << "\\n"; // ten
    try {
        Clamp(3, 2);
    } catch (const std::invalid_argument &error) {
        std::cout << error.what() << "\\n";
    }
    return 0;
}
"""
BASH = """\
source "${BASH_SOURCE[0]%/*}/../src/clamp.sh"

# Ten.
clamp 12 0 10
clamp --from "$1" 3 2 || printf 'exit code %s\\n' "$?"
"""
PROGRAMS = {
    "javascript": JS,
    "typescript": TS,
    "go": GO,
    "rust": RUST,
    "java": JAVA,
    "c": C,
    "cpp": CPP,
    "bash": BASH,
}


def said(name, old, new):
    text, shown = PROGRAMS[name], TreeSitterSyntax(name).shown
    assert old in text
    return str(interface_change(shown(text), shown(text.replace(old, new, 1))))


@pytest.mark.parametrize(
    "name, old, new",
    [
        pytest.param("javascript", "// Shows it.\n", "", id="js comment"),
        pytest.param("javascript", "add(1, -2)", "add(30, 4)", id="js number"),
        pytest.param("javascript", "sum: ", "the sum is ", id="js text"),
        pytest.param("javascript", '"done"', "`all done`", id="js other quotes"),
        pytest.param("javascript", "[1, 2]", "[1, 2, 3,]", id="js longer list"),
        pytest.param("javascript", '("done");', '(\n  "done"\n)', id="js layout"),
        pytest.param(
            "javascript", '("done");\n', '("a");\nconsole.log("b");\n', id="js again"
        ),
        pytest.param("typescript", "size: 1 }, ", "size: 2 }, ", id="ts number"),
        pytest.param("typescript", ", { size: 1 }", "", id="ts shorter list"),
        pytest.param("go", "	// A stack.\n", "", id="go comment"),
        pytest.param("go", "{1, 2}", "{1, 2, 7}", id="go longer list"),
        pytest.param("go", '"size:"', "`sizes`", id="go text"),
        pytest.param("go", "Push(-3)", "Push(44)", id="go number"),
        pytest.param("rust", "    // Adds.\n", "", id="rust comment"),
        pytest.param("rust", "vec![1, 2]", "vec![5, 6, 7]", id="rust longer list"),
        pytest.param("rust", '"{:?} {}", add(1, 2)', '"{} {}", add(8, 9)', id="macro"),
        pytest.param("rust", "Stack::new(8)", "Stack::new(9)", id="rust number"),
        pytest.param("java", "/** Runs. */", "", id="java comment"),
        pytest.param("java", "List.of(1, 2)", "List.of(3, 4)", id="java number"),
        pytest.param("java", '"size "', '"of size "', id="java text"),
        pytest.param("c", " /* two */", "", id="c comment"),
        pytest.param("c", "{1, 2}", "{1, 2, 3}", id="c longer list"),
        pytest.param("c", '"%d\\n"', '"low: %d\\n"', id="c text"),
        pytest.param("c", "clamp(12, 0", "clamp(-1, 5", id="c number"),
        pytest.param("cpp", "Clamp(0, 10)", "Clamp(1, 2)", id="cpp number"),
        pytest.param("cpp", " // ten", " // 10", id="cpp comment"),
        pytest.param("bash", "# Ten.\n", "", id="bash comment"),
        pytest.param("bash", "12 0 10", "-1 0 9", id="bash numbers"),
        pytest.param("bash", "'exit code %s\\n'", "'code %s\\n'", id="bash text"),
    ],
)
def test_comments_layout_and_values_are_no_part_of_what_is_shown(name, old, new):
    assert said(name, old, new) == "same"


@pytest.mark.parametrize(
    "name, old, new, change",
    [
        pytest.param(
            "javascript",
            "{ add }",
            "{ add, sub }",
            "additive: +sub of ../src/calc.js",
            id="js import",
        ),
        pytest.param(
            "javascript",
            'log("done")',
            'log(add("done"))',
            "additive: +add of ../src/calc.js",
            id="js another form of a call",
        ),
        pytest.param(
            "javascript",
            "${add(1, -2)}",
            "${add(1)}",
            "additive: +add of ../src/calc.js",
            id="js inside of a text",
        ),
        pytest.param(
            "javascript",
            "../src/calc.js",
            "../src/sums.js",
            "breaking: +add of ../src/sums.js, -add of ../src/calc.js",
            id="js module",
        ),
        pytest.param("javascript", '"done"', "7", "breaking", id="js kind of value"),
        pytest.param(
            "typescript", ".push(3)", ".add(3)", "breaking: +.add, -.push", id="ts call"
        ),
        pytest.param(
            "go",
            "Push(-3)",
            "Push(-3, 4)",
            "breaking: ~.Push",
            id="go arguments",
        ),
        pytest.param(
            "go",
            "stack.Size,",
            "stack.Size, src.Most(),",
            "breaking: +project/src.Most, ~fmt.Println",
            id="go call",
        ),
        pytest.param(
            "rust", "{add,", "{add, sub,", "additive: +calc::sub", id="rust use"
        ),
        pytest.param(
            "rust",
            "add(1, 2)",
            "add(1)",
            "breaking: ~calc::add",
            id="rust call in a macro",
        ),
        pytest.param("rust", "stack.size", "stack.len", "breaking", id="rust field"),
        pytest.param(
            "java", "stack.pop()", "stack.pop(1)", "breaking: ~.pop", id="java"
        ),
        pytest.param(
            "java",
            "IllegalState",
            "NoSuchElement",
            "breaking: +NoSuchElementException, +catch NoSuchElementException,"
            " -IllegalStateException, -catch IllegalStateException",
            id="java exception",
        ),
        pytest.param("c", "found.low", "found.high", "breaking: +.high, -.low", id="c"),
        pytest.param(
            "c", "clamp(12, 0,", "clamp(12,", "breaking: ~clamp", id="c arguments"
        ),
        pytest.param(
            "cpp", "Clamp(3, 2)", "Clamp(3)", "additive: +Clamp", id="cpp arguments"
        ),
        pytest.param("bash", "--from", "--of", "breaking", id="bash option"),
        pytest.param("bash", "clamp 12 0", "clamp 12", "breaking: ~clamp", id="bash"),
    ],
)
def test_what_an_example_shows_is_classed_with_its_names(name, old, new, change):
    assert said(name, old, new) == change


def test_a_text_that_does_not_parse_shows_itself():
    assert TreeSitterSyntax("go").shown("func (").shape == "func ("


def test_what_is_nested_without_end_is_compared_as_it_is_written():
    text = f"export const v = {'[' * 1500}{']' * 1500};\n"
    shown = TreeSitterSyntax("javascript").shown
    assert shown(text).shape == shown(f"// deep\n{text}").shape
    assert shown(text).shape != shown(text.replace("[]", "[1]")).shape
