"""Languages with a grammar: what they object to, and what they put in order."""

import subprocess
import sys

import pytest

from pdd_tasks.adapters.structures import structure_of
from pdd_tasks.adapters.treesitter.grammar import GRAMMARS
from pdd_tasks.adapters.treesitter.outline import outline_of
from pdd_tasks.adapters.treesitter.structure import TreeSitterStructure


SAMPLES = {
    "bash": "#!/bin/sh\nset -e\n\none() {\n    echo 1\n}\n\n"
    "two() {\n    one\n}\n\ntwo\n",
    "c": "#ifndef A\n#define A\n#include <a.h>\n\nint one(void)\n{\n    return 1;\n}\n"
    "#endif\n\n#if B\nint two;\n#else\nint three;\n#endif\n",
    "cpp": "namespace a {\ntemplate <class T>\nclass B {\npublic:\n    int c() {\n"
    "        return 1;\n    }\n};\n}\n\nint a::d(int x) {\n    return x;\n}\n",
    "go": 'package a\n\nimport (\n\t"b"\n)\n\ntype T struct {\n\tx int\n}\n\n'
    "// M.\nfunc (t *T) M() int {\n\treturn t.x\n}\n",
    "java": "package a;\n\nimport b.C;\n\nclass D {\n    int x = 1;\n\n    @Override\n"
    "    int m(int y) {\n        return y;\n    }\n\n    int m() {\n"
    "        return 1;\n    }\n}\n",
    "javascriptreact": "export const A = (p) => {\n  const b = 1;\n"
    "  return <b title={p.x}>{b}</b>;\n};\n\nfunction d() {\n  return 1;\n}\n",
    "typescriptreact": "interface P {\n  x: number;\n}\n\nexport function A(p: P) {\n"
    "  return <b>{p.x}</b>;\n}\n",
    "javascript": 'import { a } from "b";\n\nexport const c = 1;\n\nfunction d() {\n'
    "  return c;\n}\n\nclass E {\n  f() {\n    return 1;\n  }\n}\n\nd(); d();\n",
    "rust": "use a::{b, c};\n\n#[derive(Debug)]\nstruct D {\n    x: u8,\n}\n\n"
    "impl E for D {\n    fn f(&self) -> u8 {\n        self.x\n    }\n}\n",
    "typescript": "interface A {\n  b: string;\n}\n\n@dec()\nexport class C {\n"
    "  d = 1;\n\n  e(): void {\n    return;\n  }\n}\n\nenum F {\n  G,\n  H,\n}\n",
}


def read(language):
    found = structure_of(language)
    assert isinstance(found, TreeSitterStructure)
    return found


@pytest.mark.parametrize("language", GRAMMARS)
def test_every_line_is_in_the_outline(language):
    found = outline_of(language, SAMPLES[language])
    assert found is not None
    assert found.text == SAMPLES[language]
    merged = read(language).merged(*3 * [SAMPLES[language]])
    assert merged is not None
    assert merged.text == found.text


@pytest.mark.parametrize(
    "language, names",
    [
        pytest.param("bash", ["one", "two"], id="bash"),
        pytest.param("c", ["A", "one"], id="c"),
        pytest.param("cpp", ["a", "a.B", "a.B.c", "a::d"], id="cpp"),
        pytest.param("go", ["T", "(t *T) M"], id="go"),
        pytest.param("java", ["D", "D.x", "D.m", "D.m (2)"], id="java"),
        pytest.param("javascript", ["c", "d", "E", "E.f"], id="javascript"),
        pytest.param("rust", ["D", "D.x", "impl E D", "impl E D.f"], id="rust"),
        pytest.param(
            "typescript",
            ["A", "A.b", "C", "C.d", "C.e", "F", "F.G", "F.H"],
            id="typescript",
        ),
    ],
)
def test_definitions(language, names):
    found = read(language).definitions(SAMPLES[language])
    assert list(found) == names
    assert read(language).definitions("}{") == {}


GO = "package a\n\nfunc One() int {\n\treturn 1\n}\n\nfunc Two() int {\n\treturn 2\n}\n"
TURNED = (
    "package a\n\nfunc Two() int {\n\treturn 2\n}\n\nfunc One() int {\n\treturn 1\n}\n"
)


@pytest.mark.parametrize(
    "merged, because",
    [
        pytest.param(GO, None, id="as-it-was"),
        pytest.param(GO + "\nvar x = 1\n", None, id="good"),
        pytest.param(GO + "\nfunc {\n", "it would not parse", id="syntax"),
        pytest.param(
            GO + "\nfunc One() int {\n\treturn 3\n}\n",
            "One would be defined",
            id="twice",
        ),
    ],
)
def test_objections(merged, because):
    found = read("go").objection(GO, GO, GO + "\n// x\n", merged)
    assert found is None if because is None else (found or "").startswith(because)


UNIX = "#[cfg(unix)]\nfn path() -> i32 {\n    1\n}\n"
C_OF = "#ifdef {}\nint path(void)\n{{\n  return 1;\n}}\n#endif\n"
JAVA = "class A {\n  int area(int a) { return 1; }\n}\n"
INIT_OF = "package a\n\nfunc init() {{\n\t{}()\n}}\n"


def joint(one, two):
    """Return two texts as one, with what opens and ends them once."""
    lines = two.splitlines(keepends=True)
    kept = [line for line in lines if line not in {"package a\n", "\n"}]
    if one.startswith("class"):
        return one.removesuffix("}\n") + "".join(kept[1:])
    return one + "".join(kept)


@pytest.mark.parametrize(
    "language, one, two, because",
    [
        pytest.param("c", C_OF.format("A"), C_OF.format("B"), None, id="variants"),
        pytest.param("c", C_OF.format("A"), C_OF.format("A"), "path would", id="twice"),
        pytest.param("rust", UNIX, UNIX.replace("unix", "windows"), None, id="cfg"),
        pytest.param("rust", UNIX, UNIX, "path would", id="one-cfg"),
        pytest.param("java", JAVA, JAVA.replace("int a)", "long a)"), None, id="forms"),
        pytest.param("java", JAVA, JAVA.replace("1", "2"), "A.area would", id="form"),
        pytest.param("go", INIT_OF.format("x"), INIT_OF.format("y"), None, id="init"),
    ],
)
def test_what_is_defined_twice_is_told_from_forms_and_variants(
    language, one, two, because
):
    found = read(language).objection("", one, two, joint(one, two))

    assert found is None if because is None else (found or "").startswith(because)


def test_a_use_of_what_a_side_took_away():
    mine = GO[: GO.index("\nfunc Two")]
    generated = GO + "\nfunc Three() int {\n\treturn Two()\n}\n"
    merged = mine + "\nfunc Three() int {\n\treturn Two()\n}\n"
    found = read("go").objection(GO, mine, generated, merged)
    assert found == "Two would be used, and a side took it away"


def test_a_text_that_never_parsed_may_stay_broken():
    objection = read("go").objection
    assert objection("func {\n", "func {{\n", "func {{{\n", "func {{{{\n") is None
    assert objection("func {\n", "func {\n", "func {\n", "func {\n") is not None


def test_definitions_go_back_to_where_the_base_has_them():
    go = read("go")
    assert go.is_reordered(GO, TURNED)
    assert go.reordered(GO, TURNED) == GO
    assert go.reordered(GO, TURNED[:-1]) == GO[:-1]
    assert go.reordered("func {\n", TURNED) == TURNED
    assert not go.is_reordered("func {\n", TURNED)


@pytest.mark.parametrize(
    "language, one, two",
    [
        pytest.param("c", "int a(void)\n{\n}\n", "int b(void)\n{\n}\n", id="c"),
        pytest.param("bash", "a() {\n  x\n}\n", "b() {\n  y\n}\n", id="bash"),
        pytest.param("javascript", "class A {\n}\n", "class B {\n}\n", id="class"),
    ],
)
def test_an_order_that_means_something_stays(language, one, two):
    assert read(language).reordered(one + two, two + one) == two + one


def test_layout_is_that_of_the_base_where_it_says_the_same():
    go = read("go")
    wide = GO.replace("return 1", "return  1")
    assert go.reordered(GO, wide) == GO
    assert go.relaid(GO, wide, GO) == wide
    assert go.relaid(GO, wide[:-1], GO[:-1]) == wide[:-1]
    assert go.relaid("func {\n", wide, GO) == GO


def test_the_last_line_end_is_that_of_mine():
    mine = GO.replace("return 1", "return 10")[:-1]
    found = read("go").merged(GO, mine, GO.replace("return 2", "return 20"))
    assert found is not None
    assert found.text == mine.replace("return 2", "return 20")
    assert read("go").merged("func {\n", mine, GO) is None


def test_a_language_without_a_grammar_has_no_structure():
    assert structure_of("cobol") is None


def test_a_grammar_that_is_not_installed_is_no_error():
    program = (
        "import sys; sys.modules['tree_sitter_go'] = None\n"
        "from pdd_tasks.adapters.structures import structure_of\n"
        "print(structure_of('go'), structure_of('rust') is not None)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "None True\n"
