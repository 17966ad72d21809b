from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from pdd_tasks.core.model.artifact import Artifact, Digest, UnitId
from pdd_tasks.core.model.language import Language
from pdd_tasks.core.model.settings import Settings
from pdd_tasks.core.model.unit import DevUnit, Snapshot


CODE = PurePosixPath("src/widget.cpp")
HEADER = PurePosixPath("src/widget.hpp")
TEST = PurePosixPath("tests/test_widget.cpp")
MORE = PurePosixPath("tests/test_widget_more.cpp")
UNIT = DevUnit(
    id=UnitId("widget", "cpp"),
    root=PurePosixPath(),
    prompt=PurePosixPath("prompts/widget_cpp.prompt"),
    code=(CODE, HEADER),
    import_root=PurePosixPath("src"),
    example=PurePosixPath("examples/widget_example.cpp"),
    test=TEST,
    more_tests=(MORE,),
    language=Language(name="cpp", extensions=("cpp", "hpp"), environment={}),
    settings=Settings(),
)


@pytest.mark.parametrize(
    "artifact, paths",
    [
        pytest.param(Artifact.PROMPT, (UNIT.prompt,), id="prompt"),
        pytest.param(Artifact.CODE, (CODE, HEADER), id="code"),
        pytest.param(Artifact.EXAMPLE, (UNIT.example,), id="example"),
        pytest.param(Artifact.TESTS, (TEST, MORE), id="tests"),
    ],
)
def test_an_artifact_has_its_files_the_main_one_first(artifact, paths):
    assert UNIT.paths(artifact) == paths


def test_a_snapshot_digests_what_it_holds():
    snapshot = Snapshot.of({CODE: b"int x;\n"})
    assert snapshot.digests == {CODE: Digest.of(b"int x;\n")}


@pytest.mark.parametrize(
    "data, text",
    [
        pytest.param(b"\xef\xbb\xbfint x;\r\n", "int x;\r\n", id="byte-order-mark"),
        pytest.param(b"a\xffb", "a\N{REPLACEMENT CHARACTER}b", id="not-utf-8"),
    ],
)
def test_a_snapshot_reads_bytes_as_text(data, text):
    assert Snapshot.of({CODE: data}).text(CODE) == text


def test_an_absent_file_is_empty_text():
    assert Snapshot.of({}).text(CODE) == ""


def test_the_headers_say_the_interface_where_a_language_has_them():
    language = replace(UNIT.language, header="hpp")
    assert replace(UNIT, language=language).headers == (HEADER,)
    assert UNIT.headers == UNIT.code
