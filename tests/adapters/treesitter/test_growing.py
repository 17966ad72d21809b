"""How tests are added to a file and taken out of it, in compiled languages."""

import pytest

from pdd_tasks.adapters.treesitter.syntax import TreeSitterSyntax


OLD_C = """\
#include "a.h"
#include <assert.h>

/* mine */
void test_a(void)
{
    int got = a();
    assert(got == 1);
}
"""
NEW_C = """\
#include "a.h"
#include <string.h>

static int helper(int x) { return x; }

/* another */
static void test_b(void)
{
    int got = helper(2);
    assert(got == 2);
}
"""
OLD_GO = """\
package tests

import (
	"testing"

	"project/src"
)

func TestA(t *testing.T) {
	if got := src.A(); got != 1 {
		t.Fatal(got)
	}
}
"""
NEW_GO = """\
package tests

import (
	"strings"
	"testing"

	"project/src"
)

type pair struct{ a, b int }

func TestB(t *testing.T) {
	p := pair{1, 2}
	if got := src.A(); strings.Repeat("a", got) != "a" || p.a != 1 {
		t.Fatal(got)
	}
}
"""
OLD_RUST = """\
use calc::add;

#[test]
fn adds() {
    assert_eq!(add(1, 2), 3);
}
"""
NEW_RUST = """\
use calc::{add, sub as minus};

fn two() -> i64 {
    2
}

#[test]
#[should_panic(expected = "x")]
fn subs() {
    assert_eq!(minus(two(), 2), add(0, 0));
}
"""
OLD_JAVA = """\
package calc;

public class CalcTest {
    static void testAdds() {
        assert Calc.add(1, 2) == 3;
    }
}
"""
NEW_JAVA = """\
package calc;

import java.util.List;

public class CalcTest {
    private static int two() {
        return 2;
    }

    static void testSubs() {
        assert List.of(Calc.sub(two(), 2)).get(0) == 0;
    }
}
"""
GROWING = [
    pytest.param("c", OLD_C, NEW_C, "test_b", ["helper", "<string.h>"], id="c"),
    pytest.param("cpp", OLD_C, NEW_C, "test_b", ["helper", "<string.h>"], id="cpp"),
    pytest.param("go", OLD_GO, NEW_GO, "TestB", ["pair", 'import "strings"'], id="go"),
    pytest.param(
        "rust",
        OLD_RUST,
        NEW_RUST,
        "subs",
        ["fn two", "use calc::sub as minus;", "#[should_panic"],
        id="rust",
    ),
    pytest.param(
        "java",
        OLD_JAVA,
        NEW_JAVA,
        "CalcTest::testSubs",
        ["int two()", "package calc;\nimport java.util.List;"],
        id="java",
    ),
]


@pytest.mark.parametrize("name, old, new, test, brought", GROWING)
def test_a_new_test_comes_with_what_it_needs(name, old, new, test, brought):
    found = TreeSitterSyntax(name).accumulated(old, new)
    assert found.added == (test,)
    assert [piece for piece in brought if piece not in found.text] == []
    rest = iter(found.text.splitlines())
    assert all(line in rest for line in old.splitlines())


@pytest.mark.parametrize("name, old, new, test, brought", GROWING)
def test_tests_that_are_there_are_not_added_again(name, old, new, test, brought):
    del test, brought
    syntax = TreeSitterSyntax(name)
    once = syntax.accumulated(old, new).text
    assert syntax.accumulated(once, new).text == once


@pytest.mark.parametrize("name, old, new, test, brought", GROWING)
def test_a_test_goes_with_all_that_stands_right_above_it(name, old, new, test, brought):
    del brought
    syntax = TreeSitterSyntax(name)
    grown = syntax.accumulated(old, new).text
    less = syntax.without_tests(grown, [test])
    assert syntax.problem(less) is None
    assert list(syntax.tests(less)) == list(syntax.tests(old))
    assert "#[should_panic" not in less
    assert "another" not in less


def test_tests_in_a_module_of_rust_go_into_the_same_module():
    module = "#[cfg(test)]\nmod tests {{\n    use super::*;\n\n{}}}\n"
    one = "    #[test]\n    fn {}() {{\n        assert_eq!(add({}, 2), 3);\n    }}\n"
    old, new = module.format(one.format("a", 1)), module.format(one.format("b", 2))
    found = TreeSitterSyntax("rust").accumulated(old, new)
    assert found.added == ("tests::b",)
    assert found.text.count("mod tests") == 1
    assert found.text.count("#[test]") == 2
