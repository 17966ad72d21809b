"""C: what is not static, what headers declare, and tests named ``test_*``."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from tree_sitter import Node

from pdd_tasks.adapters.treesitter.dialect import Case, Dialect, Public, text_of, walk


_OPEN: Final = frozenset(
    {
        *("preproc_if", "preproc_ifdef", "preproc_else", "preproc_elif"),
        *("linkage_specification", "declaration_list", "namespace_definition"),
    }
)
"""What stands around definitions that it does not hide."""
_TAGGED: Final = frozenset(
    {"struct_specifier", "union_specifier", "enum_specifier", "class_specifier"}
)
_LEAVES: Final = frozenset(
    {"identifier", "type_identifier", "field_identifier", "operator_name"}
)


def public(root: Node) -> Public:
    """Yield what is defined or declared for other files, macros too."""
    for node in _open(root):
        if not _is_static(node):
            for name in sorted(binds(node)):
                yield name, node


def _open(node: Node) -> Iterator[Node]:
    """Yield statements, those in conditions and namespaces in place of these."""
    waiting = node.named_children[::-1]
    while waiting:
        one = waiting.pop()
        if one.type in _OPEN:
            waiting += one.named_children[::-1]
        elif not _is_guard(one):
            yield one


def _is_guard(node: Node) -> bool:
    """Return whether a macro only says that its header was read."""
    above = node.parent
    if node.type != "preproc_def" or above is None or above.type != "preproc_ifdef":
        return False
    name = text_of(node.child_by_field_name("name"))
    value = node.child_by_field_name("value")
    return value is None and text_of(above.child_by_field_name("name")) == name


def _is_static(node: Node) -> bool:
    """Return whether only its file sees a definition; headers have inline ones."""
    kinds = {"storage_class_specifier", "type_qualifier"}
    words = {text_of(child) for child in node.children if child.type in kinds}
    return "static" in words and "inline" not in words


def binds(node: Node) -> frozenset[str]:
    """Return the names that a definition or declaration gives a meaning."""
    while node.type == "template_declaration":
        if not node.named_children:
            return frozenset()
        node = node.named_children[-1]  # behind its parameters
    match node.type:
        case "preproc_def" | "preproc_function_def" | "alias_declaration":
            return frozenset({text_of(node.child_by_field_name("name"))})
        case "function_definition" | "declaration" | "type_definition":
            return frozenset({*_declared(node), *_tags(node)})
        case "field_declaration" | "using_declaration":
            return frozenset()
        case _:
            return frozenset(_own(node))


def _declared(node: Node) -> Iterator[str]:
    """Yield the names of the declarators of a declaration."""
    for part in node.children_by_field_name("declarator"):
        name = _named(part)
        if name:
            yield name


def _named(declarator: Node) -> str:
    """Return the name inside of a declarator; empty for a member defined apart."""
    inner: Node | None = declarator
    while inner is not None and inner.type not in _LEAVES:
        if inner.type == "qualified_identifier":
            return ""
        below = inner.child_by_field_name("declarator")
        inner = below or next(iter(inner.named_children), None)
    return text_of(inner)


def _tags(node: Node) -> Iterator[str]:
    """Yield the names that the type of a declaration defines on its way."""
    kind = node.child_by_field_name("type")
    if kind is not None:
        yield from _own(kind)


def _own(node: Node) -> Iterator[str]:
    """Yield the name of a structure that is defined, and its constants."""
    if node.type not in _TAGGED:
        return
    name, body = (node.child_by_field_name(field) for field in ("name", "body"))
    if body is None:
        return
    if name is not None:
        yield text_of(name)
    for one in body.named_children:
        if one.type == "enumerator":
            yield text_of(one.child_by_field_name("name"))


def case(node: Node) -> Case | None:
    """Return the test that a function without parameters is by its name."""
    if node.type != "function_definition":
        return None
    declarator = node.child_by_field_name("declarator")
    if declarator is None or declarator.type != "function_declarator":
        return None
    label = declarator.child_by_field_name("declarator")
    given = text_of(declarator.child_by_field_name("parameters"))
    made = text_of(node.child_by_field_name("type"))
    is_bare = made == "void" and given.strip("() ") in {"", "void"}
    is_test = is_bare and text_of(label).startswith("test_")
    return Case(text_of(label), label) if is_test else None


def imported(node: Node) -> Mapping[str, str]:
    """Return the header that a line includes."""
    if node.type != "preproc_include":
        return {}
    whole = " ".join(text_of(node).split())
    return {whole: whole}


def whole_line(node: Node, names: Collection[str]) -> str:
    """Return a line of the preprocessor, which has its end in it."""
    del names
    return text_of(node).rstrip()


def modules(root: Node) -> Iterator[str]:
    """Yield the project's headers that are included, as they are written."""
    for node in walk(root):
        if node.type == "preproc_include":
            path = node.child_by_field_name("path")
            if path is not None and path.type == "string_literal":
                yield text_of(path).strip('"')


DIALECT: Final = Dialect(
    grammar="c",
    public=public,
    binds=binds,
    hidden=frozenset(
        {
            *("function_definition.body", "init_declarator.value"),
            *("preproc_def.value", "preproc_function_def.value"),
        }
    ),
    case=case,
    imported=imported,
    imports_only=whole_line,
    modules=modules,
)
