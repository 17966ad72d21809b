from pathlib import PurePosixPath

import pytest

from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.language import Language
from pdd_tasks.core.model.settings import Settings
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.plan.auto_deps import needed, upstream
from pdd_tasks.errors import ConfigError


ENDINGS = {"python": "py", "go": "go", "rust": "rs"}


def unit(name, root="."):
    base, _, language = name.rpartition("_")
    ext = ENDINGS[language]
    return DevUnit(
        id=UnitId(base, language),
        root=PurePosixPath(root),
        prompt=PurePosixPath(f"prompts/{name}.prompt"),
        code=(PurePosixPath(f"src/{base}.{ext}"),),
        import_root=PurePosixPath("src"),
        example=PurePosixPath(f"examples/{base}_example.{ext}"),
        test=PurePosixPath(f"tests/test_{base}.{ext}"),
        language=Language(name=language, extensions=(ext,), environment={}),
        settings=Settings(),
    )


MINE = unit("app_python")
OTHERS = [
    MINE,
    unit("app_go"),
    unit("store_python"),
    unit("store_go"),
    unit("core/cloud_python"),
    unit("net_go"),
    unit("disk_go"),
    unit("disk_rust"),
    unit("far_python", root="elsewhere"),
]


def names(text, me=MINE):
    return [str(one.id) for one in needed(me, text, OTHERS)]


@pytest.mark.parametrize(
    "text, expected",
    [
        pytest.param("Uses `store`.", ["store_python"], id="same-language-first"),
        pytest.param("Uses `store_go`.", ["store_go"], id="id"),
        pytest.param("Uses `store_Go`.", ["store_go"], id="id-in-other-case"),
        pytest.param("Uses `net`.", ["net_go"], id="only-another-language"),
        pytest.param("Uses `disk`.", [], id="several-other-languages"),
        pytest.param("Uses `core/cloud`.", ["core/cloud_python"], id="folders"),
        pytest.param("Uses `cloud`.", [], id="leaf-only"),
        pytest.param("See src/store.py.", ["store_python"], id="code-path"),
        pytest.param("See `./src/store.py`", ["store_python"], id="code-path-in-code"),
        pytest.param("See xsrc/store.py", [], id="part-of-a-longer-path"),
        pytest.param("The store is big.", [], id="plain-word"),
        pytest.param("`app` `app_python` src/app.py", [], id="itself"),
        pytest.param("Uses `app_go`.", ["app_go"], id="own-name-in-another-language"),
        pytest.param("```\n`store` src/store.py\n```", [], id="in-a-fence"),
        pytest.param("<pdd>`store` src/store.py</pdd>", [], id="in-a-comment"),
        pytest.param("`far`", [], id="another-state-root"),
        pytest.param("`net` `store` `net`", ["net_go", "store_python"], id="sorted"),
        pytest.param("<include>src/store.py</include>", [], id="code-included-by-hand"),
        pytest.param(
            "`store` <include>examples/store_example.py</include>",
            [],
            id="example-included-by-hand",
        ),
        pytest.param("", [], id="nothing"),
    ],
)
def test_units_are_needed_by_name(text, expected):
    assert names(text) == expected


@pytest.mark.parametrize(
    "name, expected",
    [
        pytest.param("store", ["store_python"], id="basename"),
        pytest.param("disk_rust", ["disk_rust"], id="id"),
        pytest.param("store_Python.prompt", ["store_python"], id="prompt-name"),
        pytest.param("app", [], id="itself"),
    ],
)
def test_units_are_needed_by_declaration(name, expected):
    assert names(f"<pdd-dependency>{name}</pdd-dependency>") == expected


@pytest.mark.parametrize(
    "name, problem, hint",
    [
        pytest.param(
            "stor", "'stor' is no unit; the nearest is store", "store", id="1"
        ),
        pytest.param("zzzzzz", "'zzzzzz' is no unit", "create its prompt", id="none"),
        pytest.param("disk", "may be disk_go or disk_rust", "write disk_go", id="two"),
        pytest.param("far", "'far' is no unit", "", id="another-state-root"),
    ],
)
def test_a_declaration_that_is_unclear_is_refused(name, problem, hint):
    with pytest.raises(ConfigError) as caught:
        names(f"\n<pdd-dependency>{name}</pdd-dependency>")
    assert caught.value.message.startswith("prompts/app_python.prompt:2: ")
    assert problem in caught.value.message
    assert hint in caught.value.hint


def test_the_order_of_units_makes_no_difference():
    text = "`store` `net` src/core/cloud.py"
    assert needed(MINE, text, OTHERS) == needed(MINE, text, OTHERS[::-1])


def test_units_are_upstream_by_the_files_they_write():
    files = [
        PurePosixPath("examples/store_example.py"),
        PurePosixPath("src/net.go"),
        PurePosixPath("tests/test_disk.rs"),
        PurePosixPath("src/app.py"),
        PurePosixPath("src/far.py"),
        PurePosixPath("docs/a.md"),
    ]
    found = [str(one.id) for one in upstream(MINE, files, OTHERS)]
    assert found == ["disk_rust", "net_go", "store_python"]
