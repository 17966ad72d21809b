"""The programs between languages.yaml and a tool chain, and what they decide."""

import re
import subprocess
from pathlib import Path

import pytest
from driver_runs import needs, run, write

from pdd_tasks.adapters.toolchain.drivers import (
    c_program,
    go_folder,
    go_tests,
    rust_program,
)
from pdd_tasks.adapters.toolchain.reports import tap


def test_tests_of_c_are_functions_without_parameters_that_stand_in_no_comment():
    text = """
// void test_a(void) {
/* void test_b(void) {
void test_c(void) { */
const char *d = "void test_d(void) {";
static void test_e(void)
{
}
void test_f() {}
void test_g(int x) {}
int test_h(void) { return 0; }
"""
    assert c_program.test_functions(text) == ("test_e", "test_f")


def test_the_sources_behind_included_headers_are_found_once(project):
    write(
        project,
        {
            "src/a.h": '#include "b.h"\n',
            "src/a.c": '#include "a.h"\n',
            "src/b.h": '#include "a.h"\n',
            "src/b.c": '#include "b.h"\n',
            "src/c.h": "",
            "src/c.c": "",
            "tests/test_a.c": '#include <stdio.h>\n#include "a.h"\n#include "no.h"\n',
        },
    )
    found = c_program.sources([Path("tests/test_a.c")], [Path("src")])
    assert sorted(map(str, found)) == ["src/a.c", "src/b.c", "tests/test_a.c"]


def test_units_of_c_and_of_cpp_may_share_a_name(project):
    write(
        project,
        {
            **dict.fromkeys(("src/a.h", "src/a.c", "src/a.hpp", "src/a.cpp"), ""),
            **dict.fromkeys(("src/b.h", "src/b.cc"), ""),
            "tests/test_a.c": '#include "a.h"\n',
            "tests/test_a.cpp": '#include "a.hpp"\n#include "b.h"\n',
        },
    )
    places = [Path("src")]
    plain = c_program.sources([Path("tests/test_a.c")], places)
    both = c_program.sources([Path("tests/test_a.cpp")], places)
    assert sorted(map(str, plain)) == ["src/a.c", "tests/test_a.c"]
    assert sorted(map(str, both)) == ["src/a.cpp", "src/b.cc", "tests/test_a.cpp"]


@needs("gcc")
def test_a_test_of_c_that_crashes_or_is_skipped_leaves_the_others_alone(project):
    write(
        project,
        {
            "tests/test_a.c": (
                "#include <assert.h>\n#include <stdlib.h>\n"
                "void test_dies(void) { abort(); }\n"
                "void test_later(void) { exit(77); }\n"
                "void test_holds(void) { assert(1); }\n"
                "void test_ends(void) { exit(0); }\n"
            )
        },
    )
    words = ("test", "build/tests", "src:.", "tests/test_a.c", "--", "gcc")
    assert run("c_program.py", *words).returncode == 0
    ended = subprocess.run([project / "build/tests", "tap"], check=False)
    said = [s for s in Path("tap").read_text().splitlines() if "ok " in s]
    assert ended.returncode == 1
    assert said == [
        "not ok 1 - test_dies",
        "ok 2 - test_later # SKIP",
        "ok 3 - test_holds",
        "not ok 4 - test_ends",
    ]


@needs("gcc")
def test_of_what_a_test_of_c_prints_the_beginning_and_the_end_are_kept(project):
    write(
        project,
        {
            "tests/test_a.c": (
                "#include <assert.h>\n#include <stdio.h>\n"
                "static void talk(int lines) {"
                ' for (int at = 0; at < lines; at++) printf("line %d\\n", at);'
                " fflush(stdout); }\n"
                "void test_much(void) { talk(1000000); assert(0); }\n"
                "void test_more(void) { talk(200); assert(1 > 2); }\n"
                "void test_holds(void) { talk(1000000); }\n"
            )
        },
    )
    words = ("test", "build/tests", "src:.", "tests/test_a.c", "--", "gcc")
    assert run("c_program.py", *words).returncode == 0
    ended = subprocess.run(
        [project / "build/tests", "tap"], check=False, capture_output=True
    )
    text = Path("tap").read_text()
    assert (ended.stdout, len(text) < 20_000) == (b"", True)
    found = tap.cases(text)
    assert [case.outcome for case in found] == ["failed", "failed", "passed"]
    first, second, _ = (case.message for case in found)
    assert first.startswith("line 0\nline 1\n")
    assert re.search(
        r"\n\[... of 118889\d\d bytes the middle is left out ...\]\n", first
    )
    assert "line 999999\n" in first
    assert "Assertion `0' failed" in first
    assert "line 99\n" in second
    assert "left out" not in second
    assert "Assertion `1 > 2' failed" in second


def test_a_file_without_tests_of_c_is_told(project):
    write(project, {"tests/test_a.c": "int main(void) { return 0; }\n"})
    ended = run("c_program.py", "test", "t", ".", "tests/test_a.c", "--", "gcc")
    assert ended.returncode == 2
    assert "test_*" in ended.stderr


def test_sources_of_c_beside_go_go_unless_go_uses_them(project):
    write(project, {"src/a.go": "package src\n", "src/a.c": "", "src/a.h": ""})
    assert go_folder.main(["src/a.go"]) == 0
    assert sorted(path.name for path in Path("src").iterdir()) == ["a.go", "a.h"]
    write(project, {"src/a.c": "", "src/b.go": 'package src\n\nimport "C"\n'})
    assert run("go_folder.py", "src/a.go").returncode == 0
    assert Path("src/a.c").exists()
    assert go_folder.main(["gone/a.go"]) == 0


def test_tests_of_go_elsewhere_are_compiled_as_files(project):
    write(project, {"tests/a_test.go": "", "src/a.go": ""})
    made = go_tests.command("go", Path("src/a.go"), [Path("tests/a_test.go")], "cov")
    assert made[-1] == "tests/a_test.go"
    assert "-coverpkg=./src" in made


def test_tests_of_go_in_the_package_are_run_by_their_names(project):
    text = "package src\n\nfunc TestA(t *testing.T) {}\nfunc helper() {}\n"
    write(project, {"src/a_test.go": text, "src/a.go": ""})
    made = go_tests.command("go", Path("src/a.go"), [Path("src/a_test.go")], "")
    assert made[-3:] == ["-run", "^(TestA)$", "./src"]


def test_a_profile_of_go_is_made_relative_to_the_module():
    module = go_tests.module_in("// all\nmodule example.com/x\n\ngo 1.20\n")
    profile = "mode: set\nexample.com/x/src/a.go:1.2,3.4 1 1\n"
    found = go_tests.relative(profile, module)
    assert found == "mode: set\nsrc/a.go:1.2,3.4 1 1\n"


@needs("go")
def test_tests_of_go_in_the_package_see_what_it_keeps_for_itself(project):
    write(
        project,
        {
            "go.mod": "module example.com/x\n\ngo 1.18\n",
            "src/a.go": "package src\n\nfunc hidden() int {\n\treturn 1\n}\n",
            "src/a_test.go": (
                'package src\n\nimport "testing"\n\nfunc TestHidden(t *testing.T) {\n'
                "\tif hidden() != 1 {\n\t\tt.Fatal()\n\t}\n}\n"
            ),
            "src/b_test.go": (
                'package src\n\nimport "testing"\n\n'
                "func TestOther(t *testing.T) { t.Fatal() }\n"
            ),
        },
    )
    ended = run("go_tests.py", "go", "src/a.go", "cov", "--", "src/a_test.go")
    assert ended.returncode == 0, ended.stdout
    assert "src/a.go:3.19,5.2 1 1" in Path("cov").read_text().splitlines()


def test_a_crate_is_called_like_its_unit():
    assert rust_program.crate_name("my-unit") == "my_unit"


@pytest.mark.slow
@needs("cargo", "rustc")
def test_cargo_builds_and_tests_where_a_project_has_it(project):
    write(
        project,
        {
            "Cargo.toml": '[package]\nname = "calc"\nversion = "0.1.0"\n',
            "src/lib.rs": "pub fn add(a: i64, b: i64) -> i64 {\n    a + b\n}\n",
            "examples/lib_example.rs": (
                'fn main() {\n    println!("{}", calc::add(1, 2));\n}\n'
            ),
            "tests/test_lib.rs": (
                "#[test]\nfn adds() {\n    assert_eq!(calc::add(1, 2), 3);\n}\n"
            ),
        },
    )
    tools = ("rustc", "cargo", "build", "lib", "src/lib.rs")
    built = run("rust_program.py", "example", *tools, "examples/lib_example.rs")
    assert built.returncode == 0, built.stdout
    shown = subprocess.run(
        [project / "build/example"], capture_output=True, check=False
    )
    assert shown.stdout == b"3\n"
    ended = run("rust_program.py", "test", *tools, "tests/test_lib.rs")
    assert ended.returncode == 0, ended.stdout
    assert "test adds ... ok" in ended.stdout


@needs("rustc")
def test_what_rust_does_not_compile_is_told_and_ends_the_run(project):
    write(project, {"src/a.rs": "pub fn a() -> i64 { }\n", "tests/t.rs": ""})
    tools = ("rustc", "cargo", "build", "a", "src/a.rs")
    ended = run("rust_program.py", "test", *tools, "tests/t.rs")
    assert ended.returncode == 1
    assert "error[E0308]" in ended.stdout
    assert "src/a.rs:1" in ended.stdout
