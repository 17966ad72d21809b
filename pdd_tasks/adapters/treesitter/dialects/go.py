"""Go: names with a capital in front, and tests that are functions ``Test*``."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from tree_sitter import Node

from pdd_tasks.adapters.treesitter.dialect import Case, Dialect, Public, text_of, walk


_SPECS: Final = frozenset(
    {"type_spec", "type_alias", "const_spec", "var_spec", "var_spec_list"}
)
_TEST: Final = re.compile(r"Test(?:[^a-z].*)?")
_VERSION: Final = re.compile(r"/v\d+$")


def public(root: Node) -> Public:
    """Yield what other packages may use."""
    for node in root.named_children:
        for name, one in _defined(node):
            if name[:1].isupper():
                yield name, one


def _defined(node: Node) -> Public:
    """Yield the names that a declaration defines, with their own parts of it."""
    if node.type in {"function_declaration", "method_declaration"}:
        yield text_of(node.child_by_field_name("name")), node
    elif node.type in _SPECS:
        for name in node.children_by_field_name("name"):
            yield text_of(name), node
        if node.type == "var_spec_list":
            for one in node.named_children:
                yield from _defined(one)
    elif node.type.endswith("_declaration") and node.type != "import_declaration":
        for one in node.named_children:
            yield from _defined(one)


def binds(node: Node) -> frozenset[str]:
    """Return the names that a declaration defines or imports."""
    if node.type == "import_declaration":
        return frozenset(imported(node)) - {" ".join(text_of(node).split())}
    if node.type == "method_declaration":
        owner = text_of(node.child_by_field_name("receiver"))
        return frozenset({f"{owner} {text_of(node.child_by_field_name('name'))}"})
    if node.type in {"short_var_declaration", "range_clause"}:
        left = node.child_by_field_name("left")
        return frozenset(text_of(one) for one in (left.named_children if left else ()))
    return frozenset(name for name, _ in _defined(node))


def is_hidden(node: Node) -> bool:
    """Return whether a field of a structure is its package's own affair."""
    if node.type != "field_declaration":
        return False
    names = [text_of(name) for name in node.children_by_field_name("name")]
    return bool(names) and not any(name[:1].isupper() for name in names)


def case(node: Node) -> Case | None:
    """Return the test that a function is by its name."""
    if node.type != "function_declaration":
        return None
    label = node.child_by_field_name("name")
    is_test = _TEST.fullmatch(text_of(label)) is not None
    return Case(text_of(label), label) if is_test else None


def imported(node: Node) -> Mapping[str, str]:
    """Return the packages that an import binds, each with its path."""
    if node.type != "import_declaration":
        return {}
    found: dict[str, str] = {}
    for spec in _specs(node):
        path = _path(spec)
        named = text_of(spec.child_by_field_name("name"))
        name = named or _VERSION.sub("", path).rpartition("/")[2]
        found[f"{name} {path}" if name in {"_", "."} else name] = path
    return found


def _specs(node: Node) -> Iterator[Node]:
    yield from (one for one in walk(node) if one.type == "import_spec")


def _path(spec: Node) -> str:
    return text_of(spec.child_by_field_name("path")).strip('"`')


def imports_only(node: Node, names: Collection[str]) -> str:
    """Return an import of some of the packages that an import binds."""
    bound = list(imported(node))
    kept = [
        text_of(spec)
        for spec, name in zip(_specs(node), bound, strict=False)
        if name in names
    ]
    return "\n".join(f"import {spec}" for spec in kept)


def modules(root: Node) -> Iterator[str]:
    """Yield the paths of what a program imports."""
    yield from (_path(spec) for spec in _specs(root))


DIALECT: Final = Dialect(
    grammar="go",
    public=public,
    binds=binds,
    is_hidden=is_hidden,
    hidden=frozenset({"block", "const_spec.value", "var_spec.value"}),
    case=case,
    imported=imported,
    imports_only=imports_only,
    modules=modules,
)
