from pathlib import Path

import pytest
from driver_runs import needs, run, write

from pdd_tasks.adapters.toolchain.drivers import java_program
from pdd_tasks.adapters.toolchain.reports import lcov, tap


def test_the_class_with_main_is_what_an_example_of_java_begins_with():
    text = "package a.b;\nclass Helper {}\nclass Shown {\n  public static void main("
    assert java_program.main_class(Path("x/Other.java"), text) == "a.b.Shown"
    assert java_program.main_class(Path("x/Other.java"), "") == "Other"
    inner = "class Shown {\n  record Point(int x) {}\n  public static void main("
    assert java_program.main_class(Path("x/Other.java"), inner) == "Shown"


def test_jars_of_the_project_come_before_those_of_the_machine(project):
    shared = project / "shared"
    write(project, {f"shared/{name}.jar": "" for name in ("opentest4j", "other")})
    assert java_program.jars(project, shared) == [shared / "opentest4j.jar"]
    write(project, {"lib/junit-platform-console-standalone.jar": ""})
    found = [path.name for path in java_program.jars(project, shared)]
    assert found == ["junit-platform-console-standalone.jar"]


def test_the_jars_that_measure_are_the_projects_own_or_else_the_machines(project):
    shared = project / "shared"
    assert java_program.watching(project, shared) is None
    write(project, {"shared/asm.jar": "", "shared/org.jacoco.core.jar": ""})
    found = java_program.watching(project, shared)
    assert [path.name for path in found or ()] == ["org.jacoco.core.jar", "asm.jar"]
    write(project, {"lib/org.jacoco.core-0.8.12.jar": ""})
    assert java_program.watching(project, shared) == []


@pytest.mark.slow
@needs("javac", "java")
@pytest.mark.skipif(
    not Path("/usr/share/java/org.jacoco.core.jar").exists(),
    reason="JaCoCo is not here",
)
def test_coverage_of_java_is_measured_by_jacoco(project):
    write(
        project,
        {
            "src/Calc.java": (
                "class Calc {\n    static int sign(int a) {\n"
                "        if (a < 0) {\n            return -1;\n        }\n"
                "        return 1;\n    }\n}\n"
            ),
            "tests/CalcTest.java": (
                "class CalcTest {\n    static void testSign() {\n"
                "        assert Calc.sign(3) == 1;\n    }\n}\n"
            ),
        },
    )
    words = ("build", "tap", "src:.", "src/Calc.java", "--report=cov")
    ended = run("java_program.py", "test", "java", *words, "--", "tests/CalcTest.java")
    assert ended.returncode == 0, ended.stderr
    assert [case.outcome for case in tap.cases(Path("tap").read_text())] == ["passed"]
    found = lcov.covered(Path("cov").read_text())["src/Calc.java"]
    assert found.lines == {1: False, 3: True, 4: False, 6: True}
    assert (found.branches, found.taken) == (2, 1)


@pytest.mark.slow
@needs("javac", "java")
@pytest.mark.skipif(
    not Path("/usr/share/java/junit-jupiter-api.jar").exists(),
    reason="JUnit 5 is not here",
)
def test_junit_runs_what_imports_it(project):
    write(
        project,
        {
            "src/Calc.java": (
                "class Calc {\n    static int add(int a, int b) { return a + b; }\n}\n"
            ),
            "tests/CalcTest.java": (
                "import static org.junit.jupiter.api.Assertions.assertEquals;\n"
                "import org.junit.jupiter.api.Nested;\n"
                "import org.junit.jupiter.api.Test;\n"
                "class CalcTest {\n"
                "    @Test void adds() { assertEquals(3, Calc.add(1, 2)); }\n"
                "    @Nested class Wrong {\n"
                "        @Test void fails() { assertEquals(4, Calc.add(1, 2)); }\n"
                "    }\n"
                "}\n"
            ),
        },
    )
    words = ("build", "tap", "src:.", "src/Calc.java", "--", "tests/CalcTest.java")
    ended = run("java_program.py", "test", "java", *words)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    found = {case.test: case.outcome for case in tap.cases(Path("tap").read_text())}
    assert found == {
        "CalcTest::adds": "passed",
        "CalcTest::Wrong::fails": "failed",
    }
