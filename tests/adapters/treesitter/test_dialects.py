"""What is public, and what is imported, in compiled languages."""

import pytest

from pdd_tasks.adapters.treesitter.dialects import dialect_of
from pdd_tasks.adapters.treesitter.syntax import TreeSitterSyntax
from pdd_tasks.adapters.treesitter.tree import root_of


HEADER = """\
#ifndef STACK_H
#define STACK_H
#include <stddef.h>
#include "item.h"
#define LIMIT 8
typedef struct stack stack;
enum kind { SMALL, LARGE };
struct pair { int a, b; } first(void);
/* Makes one. */
stack *stack_new(size_t size);
extern int count;
static inline int twice(int value) { return 2 * value; }
#endif
"""
CLASS = """\
#pragma once
#include "base.hpp"
namespace shapes {
class Box : public Base {
    int depth_;
public:
    explicit Box(int side = 3) : side_(side) {}
    int area() const { return side_ * side_; }
private:
    int side_;
};
template <typename T>
T twice(T value) { return value + value; }
using Id = int;
}
"""
GO = """\
package src

import "strings"

const Limit = 8

type Stack struct {
	Size  int
	items []int
}

func (s *Stack) Push(value int) { s.items = append(s.items, value) }

func hidden() string { return strings.Repeat("a", Limit) }
"""
RUST = """\
//! Stacks.
use std::fmt;

pub const LIMIT: usize = 8;

#[derive(Debug)]
pub struct Stack {
    pub size: usize,
    items: Vec<i64>,
}

impl Stack {
    pub fn push(&mut self, value: i64) {
        self.items.push(value);
    }
    fn hidden(&self) {}
}

impl fmt::Display for Stack {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}", self.size)
    }
}

pub(crate) fn inner() {}
"""
JAVA = """\
package stacks;

import java.util.List;

/** A stack. */
public class Stack {
    private final List<Integer> items;
    public static final int LIMIT = 8;

    public Stack(List<Integer> items) {
        this.items = items;
    }

    public int size() {
        return items.size();
    }

    private void hidden() {}
}
"""
PROGRAMS = [
    pytest.param(
        "c",
        HEADER,
        {"LIMIT", "stack", "kind", "SMALL", "LARGE", "pair", "first", "stack_new"}
        | {"count", "twice"},
        id="c",
    ),
    pytest.param("cpp", CLASS, {"Box", "twice", "Id"}, id="cpp"),
    pytest.param("go", GO, {"Limit", "Stack", "Push"}, id="go"),
    pytest.param(
        "rust",
        RUST,
        {"LIMIT", "Stack", "push", "impl fmt::Display for Stack"},
        id="rust",
    ),
    pytest.param("java", JAVA, {"Stack", "LIMIT", "size"}, id="java"),
]


def interface(name, text):
    return TreeSitterSyntax(name).interface(text)


def changed(text, before, after):
    assert before in text
    return text.replace(before, after)


@pytest.mark.parametrize("name, text, names", PROGRAMS)
def test_what_others_may_use_is_public(name, text, names):
    assert TreeSitterSyntax(name).public_names(text) == names


@pytest.mark.parametrize(
    "name, text, before, after",
    [
        pytest.param("c", HEADER, "/* Makes one. */", "", id="c a comment"),
        pytest.param("c", HEADER, "2 * value", "value + value", id="c a static"),
        pytest.param("cpp", CLASS, "side_ * side_", "7", id="cpp a body"),
        pytest.param("cpp", CLASS, "int side_;", "long side_, x;", id="cpp private"),
        pytest.param("cpp", CLASS, "int depth_;", "", id="cpp private at first"),
        pytest.param("go", GO, "items []int", "values []int", id="go a field"),
        pytest.param("go", GO, "append(s.items, value)", "nil", id="go a body"),
        pytest.param("rust", RUST, "items: Vec<i64>", "a: i64", id="rust a field"),
        pytest.param("rust", RUST, "fn hidden(&self)", "fn other()", id="rust a fn"),
        pytest.param("rust", RUST, "self.items.push(value)", "todo!()", id="rust body"),
        pytest.param("java", JAVA, "private final", "private", id="java a field"),
        pytest.param("java", JAVA, "items.size()", "0", id="java a body"),
        pytest.param("java", JAVA, "/** A stack. */", "", id="java a comment"),
    ],
)
def test_what_is_hidden_is_no_part_of_the_interface(name, text, before, after):
    assert interface(name, text) == interface(name, changed(text, before, after))


@pytest.mark.parametrize(
    "name, text, before, after",
    [
        pytest.param("c", HEADER, "size_t size", "int size", id="c"),
        pytest.param("cpp", CLASS, "int area()", "long area()", id="cpp"),
        pytest.param("cpp", CLASS, "public Base", "public Other", id="cpp a base"),
        pytest.param("go", GO, "Push(value int)", "Push(value string)", id="go"),
        pytest.param("rust", RUST, "value: i64", "value: u8", id="rust"),
        pytest.param("java", JAVA, "int size()", "long size()", id="java"),
    ],
)
def test_a_changed_signature_changes_the_interface(name, text, before, after):
    assert interface(name, text) != interface(name, changed(text, before, after))


@pytest.mark.parametrize(
    "name, text, modules",
    [
        pytest.param("c", HEADER, ["item.h"], id="c"),
        pytest.param("cpp", CLASS, ["base.hpp"], id="cpp"),
        pytest.param("go", GO, ["strings"], id="go"),
        pytest.param("rust", RUST + "mod other;\n", ["std::fmt", "other"], id="rust"),
        pytest.param("java", JAVA, ["java.util.List"], id="java"),
    ],
)
def test_modules_are_named_as_they_are_written(name, text, modules):
    dialect = dialect_of(name)
    assert list(dialect.modules(root_of(text, dialect))) == modules
