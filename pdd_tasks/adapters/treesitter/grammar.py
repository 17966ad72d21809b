"""What a language's tree-sitter grammar calls things: one table a language.

A grammar is a package of its own, loaded when it is needed. Without it, or without
tree-sitter, the language is merged by lines.
"""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from tree_sitter import Language, Parser, Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """The names that a grammar gives to nodes.

    Attributes:
        package: The Python package that holds it.
        entry: Its function that returns the grammar.
        definitions: What defines something with a name of its own.
        imports: What imports.
        values: What gives a name a value.
        fields: Members whose order has a meaning.
        scopes: What holds definitions between two lines that are not in it.
        wrappers: What stands around one of the above and is taken for it.
        marks: What stands above a definition and belongs to it, besides comments.
        is_free: True if the order of definitions has no meaning: a text may be put
            into another order.
        is_late: True if only functions are known before they are defined.
        has_overloads: True if one name may have several definitions.
        repeatable: Names that may be defined as often as one likes.
        keeps_lines: True if the ends of lines have a meaning.
    """

    package: str
    entry: str = "language"
    definitions: frozenset[str]
    imports: frozenset[str] = frozenset()
    values: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    wrappers: frozenset[str] = frozenset()
    marks: frozenset[str] = frozenset()
    is_free: bool = True
    is_late: bool = False
    has_overloads: bool = False
    repeatable: frozenset[str] = frozenset()
    keeps_lines: bool = False


def _of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SCRIPT: Final = _of(
    "function_declaration generator_function_declaration class_declaration"
    " method_definition abstract_class_declaration interface_declaration"
    " enum_declaration type_alias_declaration internal_module module"
    " function_signature method_signature abstract_method_signature"
)
_TYPED: Final = Grammar(
    package="tree_sitter_typescript",
    entry="language_typescript",
    definitions=_SCRIPT,
    imports=_of("import_statement"),
    values=_of("lexical_declaration variable_declaration"),
    fields=_of("public_field_definition property_signature enum_assignment")
    | _of("property_identifier"),
    scopes=_of("class_body interface_body object_type enum_body"),
    wrappers=_of("export_statement ambient_declaration expression_statement"),
    marks=_of("decorator"),
    is_late=True,
    has_overloads=True,
)
_C: Final = Grammar(
    package="tree_sitter_c",
    definitions=_of("function_definition struct_specifier union_specifier")
    | _of("enum_specifier type_definition"),
    imports=_of("preproc_include"),
    values=_of("declaration preproc_def preproc_function_def"),
    fields=_of("field_declaration enumerator"),
    scopes=_of("field_declaration_list preproc_ifdef preproc_if"),
    is_free=False,
)
_PLAIN: Final = Grammar(
    package="tree_sitter_javascript",
    definitions=_SCRIPT,
    imports=_of("import_statement"),
    values=_of("lexical_declaration variable_declaration"),
    fields=_of("field_definition"),
    scopes=_of("class_body"),
    wrappers=_of("export_statement"),
    marks=_of("decorator"),
    is_late=True,
)
GRAMMARS: Final[Mapping[str, Grammar]] = {
    "javascript": _PLAIN,
    "javascriptreact": _PLAIN,
    "typescript": _TYPED,
    "typescriptreact": replace(_TYPED, entry="language_tsx"),
    "go": Grammar(
        package="tree_sitter_go",
        definitions=_of("function_declaration method_declaration type_declaration"),
        imports=_of("import_spec"),
        values=_of("var_declaration const_declaration"),
        fields=_of("field_declaration"),
        repeatable=_of("init"),
    ),
    "rust": Grammar(
        package="tree_sitter_rust",
        definitions=_of(
            "function_item struct_item enum_item trait_item impl_item mod_item"
            " union_item macro_definition function_signature_item"
        ),
        imports=_of("use_declaration extern_crate_declaration"),
        values=_of("const_item static_item type_item"),
        fields=_of("field_declaration enum_variant"),
        scopes=_of("declaration_list field_declaration_list enum_variant_list"),
        marks=_of("attribute_item inner_attribute_item"),
    ),
    "java": Grammar(
        package="tree_sitter_java",
        definitions=_of(
            "class_declaration interface_declaration enum_declaration"
            " record_declaration method_declaration constructor_declaration"
            " annotation_type_declaration"
        ),
        imports=_of("import_declaration"),
        values=_of("field_declaration constant_declaration"),
        fields=_of("enum_constant"),
        scopes=_of("class_body interface_body enum_body enum_body_declarations"),
        has_overloads=True,
    ),
    "c": _C,
    "cpp": Grammar(
        package="tree_sitter_cpp",
        definitions=_C.definitions | _of("class_specifier namespace_definition"),
        imports=_C.imports | _of("using_declaration"),
        values=_C.values | _of("alias_declaration"),
        fields=_C.fields,
        scopes=_C.scopes | _of("declaration_list"),
        wrappers=_of("template_declaration"),
        is_free=False,
        has_overloads=True,
    ),
    "bash": Grammar(
        package="tree_sitter_bash",
        definitions=_of("function_definition"),
        is_free=False,
        keeps_lines=True,
    ),
}


@lru_cache(maxsize=16)
def parser_of(language: str) -> Parser | None:
    """Return a language's parser; None if its grammar is not installed.

    Args:
        language: Its name in ``languages.yaml``.
    """
    grammar = GRAMMARS[language]
    try:
        package = importlib.import_module(grammar.package)
    except ImportError:
        return None
    return Parser(Language(getattr(package, grammar.entry)()))


@lru_cache(maxsize=16)
def tree_of(language: str, text: str) -> Tree | None:
    """Return the tree of a text; None if its grammar is not installed."""
    parser = parser_of(language)
    return None if parser is None else parser.parse(text.encode())
