"""JavaScript: modules of both kinds, and tests by ``test``, ``it`` and ``describe``."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from tree_sitter import Node

from pdd_tasks.adapters.treesitter.dialect import Case, Dialect, Public, text_of, walk


_TESTS: Final = frozenset({"test", "it"})
_GROUPS: Final = frozenset({"describe", "suite"})
_VARIANTS: Final = frozenset({"skip", "only", "todo"})
_FUNCTIONS: Final = frozenset({"arrow_function", "function_expression"})
_NAMELESS: Final = "default"


def public(root: Node) -> Public:
    """Yield what a module exports, by ``export`` or by ``module.exports``."""
    own = {name: node for node in root.named_children for name in binds(node)}
    for node in root.named_children:
        if node.type == "export_statement":
            yield from _exported(node, own)
        elif node.type == "expression_statement":
            yield from _assigned(node, own)


def _exported(node: Node, own: Mapping[str, Node]) -> Public:
    declared = node.child_by_field_name("declaration")
    if any(child.type == "default" for child in node.children):
        yield _NAMELESS, node
    elif declared is not None:
        for name in binds(declared):
            yield name, node
    elif clause := next((c for c in node.children if c.type == "export_clause"), None):
        for one in clause.named_children:
            local = text_of(one.child_by_field_name("name"))
            shown = text_of(one.child_by_field_name("alias")) or local
            yield shown, own.get(local, one)
    else:
        yield " ".join(text_of(node).split()), node  # everything of another module


def _assigned(node: Node, own: Mapping[str, Node]) -> Public:
    inner = node.named_children[0] if node.named_children else node
    if inner.type != "assignment_expression":
        return
    target = text_of(inner.child_by_field_name("left"))
    value = inner.child_by_field_name("right")
    if target == "module.exports" and value is not None:
        if value.type != "object":
            name = text_of(value)
            yield (name, own[name]) if name in own else (_NAMELESS, node)
            return
        for member in value.named_children:
            key = member.child_by_field_name("key") or member
            name = text_of(member.child_by_field_name("name")) or text_of(key)
            yield name, own.get(name, member)
    elif target.startswith(("exports.", "module.exports.")):
        name = target.rpartition(".")[2]
        yield name, own.get(text_of(value), node)


def binds(node: Node) -> frozenset[str]:
    """Return the names that a statement binds in its module."""
    if node.type == "export_statement":
        declared = node.child_by_field_name("declaration")
        return binds(declared) if declared else frozenset()
    if node.type == "import_statement":
        return frozenset(imported(node)) - {" ".join(text_of(node).split())}
    if node.type in {"lexical_declaration", "variable_declaration"}:
        targets = (d.child_by_field_name("name") for d in node.named_children)
        return frozenset(n for t in targets if t is not None for n in _targets(t))
    named = node.child_by_field_name("name")
    is_definition = node.type.endswith(("_declaration", "_signature", "_module"))
    if node.type == "ambient_declaration":
        return frozenset(n for child in node.named_children for n in binds(child))
    return frozenset({text_of(named)}) if named and is_definition else frozenset()


def _targets(node: Node) -> Iterator[str]:
    """Yield the names in a pattern such as ``{ a, b: [c] }``."""
    kinds = {"identifier", "shorthand_property_identifier_pattern"}
    yield from (text_of(one) for one in walk(node) if one.type in kinds)


def is_hidden(node: Node) -> bool:
    """Return whether a member of a class is its own affair."""
    name = node.child_by_field_name("name") or node.child_by_field_name("property")
    if name is None:
        return False
    words = {text_of(child) for child in node.children}
    if {"private", "protected"} & words:
        return True
    is_member = node.type.endswith(("_definition", "_signature"))
    return is_member and text_of(name).startswith(("#", "_"))


def case(node: Node) -> Case | None:
    """Return the test or group that a statement makes by a call."""
    call = _call(node)
    if call is None:
        return None
    word = _word(call.child_by_field_name("function"))
    arguments = call.child_by_field_name("arguments")
    given = (
        [a for a in arguments.named_children if "comment" not in a.type]
        if arguments
        else []
    )
    label = given[0] if given else None
    if label is None or label.type not in {"string", "template_string"}:
        return None
    if any(child.type == "template_substitution" for child in label.named_children):
        return None  # a name that only a run can tell
    name = _unquoted(label)
    if word in _TESTS:
        return Case(name, label)
    if word in _GROUPS and given[-1].type in _FUNCTIONS:
        body = given[-1].child_by_field_name("body")
        return Case(name, label, tuple(body.named_children) if body else ())
    return None


def _call(node: Node) -> Node | None:
    inner: Node | None = node
    for kind in ("expression_statement", "await_expression"):
        if inner is not None and inner.type == kind:
            inner = inner.named_children[0] if inner.named_children else None
    return inner if inner is not None and inner.type == "call_expression" else None


def _word(function: Node | None) -> str:
    if function is None or function.type != "member_expression":
        return text_of(function)
    variant = text_of(function.child_by_field_name("property"))
    word = text_of(function.child_by_field_name("object"))
    return word if variant in _VARIANTS else ""


def _unquoted(label: Node) -> str:
    said = text_of(label)[1:-1]
    escapes = {"\\n": "\n", "\\t": "\t", "\\\\": "\\"}
    for mark in ("'", '"', "`"):
        escapes[f"\\{mark}"] = mark
    for written, meant in escapes.items():
        said = said.replace(written, meant)
    return said


def imported(node: Node) -> Mapping[str, str]:
    """Return the names that an import binds, each with what it is."""
    if node.type != "import_statement":
        return {}
    source = text_of(node.child_by_field_name("source")).strip("'\"")
    kind = "type " if any(child.type == "type" for child in node.children) else ""
    found = {name: f"{kind}{how} of {source}" for name, how in _bound(node)}
    whole = " ".join(text_of(node).split())
    return found or {whole: f"effects of {source}"}


def _bound(node: Node) -> Iterator[tuple[str, str]]:
    clause = next((c for c in node.named_children if c.type == "import_clause"), None)
    for part in clause.named_children if clause else ():
        if part.type == "identifier":
            yield text_of(part), "default"
        elif part.type == "namespace_import":
            yield text_of(part.named_children[0]), "*"
        else:
            for one in part.named_children:
                name = text_of(one.child_by_field_name("name"))
                yield text_of(one.child_by_field_name("alias")) or name, name


def imports_only(node: Node, names: Collection[str]) -> str:
    """Return an import of some of the names that an import binds."""
    bound = dict(_bound(node))
    if set(bound) <= set(names):
        return text_of(node)
    source = text_of(node.child_by_field_name("source"))
    kind = "type " if any(child.type == "type" for child in node.children) else ""
    parts = [name for name in names if bound.get(name) == "default"]
    parts += [f"* as {name}" for name in names if bound.get(name) == "*"]
    plain = {
        n: how for n, how in bound.items() if n in names and how not in {"default", "*"}
    }
    listed = [n if n == how else f"{how} as {n}" for n, how in plain.items()]
    if listed:
        parts.append(f"{{ {', '.join(listed)} }}")
    return f"import {kind}{', '.join(parts)} from {source};"


def modules(root: Node) -> Iterator[str]:
    """Yield what a program imports, re-exports or requires."""
    for node in walk(root):
        if node.type in {"import_statement", "export_statement"}:
            source = node.child_by_field_name("source")
        elif node.type == "call_expression":
            called = text_of(node.child_by_field_name("function"))
            arguments = node.child_by_field_name("arguments")
            known = called in {"require", "import"} and arguments is not None
            given = arguments.named_children if known and arguments else []
            source = given[0] if given and given[0].type == "string" else None
        else:
            continue
        if source is not None:
            yield text_of(source).strip("'\"")


DIALECT: Final = Dialect(
    grammar="javascript",
    public=public,
    binds=binds,
    is_hidden=is_hidden,
    hidden=frozenset(
        {
            *("statement_block", "arrow_function.body", "variable_declarator.value"),
            *("assignment_pattern.right", "field_definition.value", "pair.value"),
            *("required_parameter.value", "optional_parameter.value"),
            *("public_field_definition.value", "assignment_expression.right"),
        }
    ),
    shown=frozenset({*_FUNCTIONS, "class", "generator_function"}),
    unordered=frozenset({"class_body", "interface_body", "object_type"}),
    case=case,
    imported=imported,
    imports_only=imports_only,
    modules=modules,
)
