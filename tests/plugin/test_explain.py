"""Each seeded cause is named by ``doit explain``, and nothing else is."""

import json

import jsonschema
import pytest
import seeded
from project import ROOT
from seeded import PRICE, RECEIPT, SHOP, append, commit, edit, remove

from pdd_tasks.core.plan.cause import Kind, StepState
from pdd_tasks.plugin.explain_lines import COLUMNS, LINES, lines
from pdd_tasks.plugin.explain_mapping import mapping


SCHEMA = json.loads((ROOT / "docs/schemas/explain.schema.json").read_text("utf-8"))
RC, LANGUAGES = ".pddrc", "languages.yaml"


@pytest.fixture
def project(shop, tmp_path):
    return seeded.copied(shop, tmp_path)


def rename(project):
    for path in (seeded.SHOP_PROMPT, seeded.SHOP_CODE, seeded.SHOP_EXAMPLE):
        new = project.root / path.replace("shop", "store")
        (project.root / path).rename(new)
    tests = project.root / seeded.SHOP_TESTS
    tests.rename(tests.with_name("test_store.py"))


def never_built(project):
    project.write("prompts/fresh_python.prompt", "Write a fresh one.\n")


def give_up(project):
    edit(project, seeded.PRICE_PROMPT, "whole cents", "cents")
    seeded.with_trace(project, PRICE, seeded.given_up)


def low_coverage(project):
    report = json.loads(project.read(seeded.SHOP_RUN))
    report["coverage"] = report["tests"]["coverage"] = 50.0
    project.write(seeded.SHOP_RUN, json.dumps(report))


ROWS = [
    ("prompt moved", PRICE, "prompt-changed", seeded.PRICE_PROMPT,
     lambda p: edit(p, seeded.PRICE_PROMPT, "whole cents", "cents")),
    ("example of a unit it needs, additive", RECEIPT, "upstream-additive",
     seeded.PRICE_EXAMPLE, lambda p: append(p, seeded.PRICE_EXAMPLE, seeded.MORE)),
    ("example of a unit it needs, breaking", RECEIPT, "upstream-breaking",
     seeded.PRICE_EXAMPLE,
     lambda p: edit(p, seeded.PRICE_EXAMPLE, "parse_price(", "parse_price(1, ")),
    ("interface two units up", SHOP, "upstream-additive", seeded.PRICE_EXAMPLE,
     lambda p: append(p, seeded.PRICE_EXAMPLE, seeded.MORE)),
    ("prompt two units up", SHOP, "prompt-changed", seeded.PRICE_PROMPT,
     lambda p: edit(p, seeded.PRICE_PROMPT, "whole cents", "cents")),
    ("document", SHOP, "document-changed", seeded.RULES,
     lambda p: edit(p, seeded.RULES, "polite", "brief")),
    ("document deleted", SHOP, "document-deleted", seeded.RULES,
     lambda p: remove(p, seeded.RULES)),
    ("include added", SHOP, "include-added", seeded.SHOP_PROMPT,
     lambda p: append(p, seeded.SHOP_PROMPT, f"<include>{RC}</include>\n")),
    ("include removed", SHOP, "include-removed", seeded.SHOP_PROMPT,
     lambda p: edit(p, seeded.SHOP_PROMPT, f"<include>{seeded.RULES}</include>", "")),
    ("block edited", RECEIPT, "block-edited", "prompts/receipt_python.prompt",
     lambda p: edit(p, "prompts/receipt_python.prompt",
                    f"<include>{seeded.PRICE_EXAMPLE}</include>\n", "")),
    ("target of coverage", SHOP, "setting-changed", RC,
     lambda p: edit(p, RC, "target_coverage: 95", "target_coverage: 99")),
    ("environment of runs", SHOP, "setting-changed", RC,
     lambda p: append(p, RC, "      environment: [TZ]\n")),
    ("strict verdict", SHOP, "setting-changed", RC,
     lambda p: append(p, RC, "      verify: required\n")),
    ("entry of the language", SHOP, "language-changed", LANGUAGES,
     lambda p: p.write(LANGUAGES, "python:\n  environment: {TZ: UTC}\n")),
    ("code edited", SHOP, "code-edited", seeded.SHOP_CODE,
     lambda p: edit(p, seeded.SHOP_CODE, "return 3", "return 1 + 2")),
    ("layout of code", SHOP, "code-edited", seeded.SHOP_CODE,
     lambda p: append(p, seeded.SHOP_CODE, "\n")),
    ("code deleted", PRICE, "code-deleted", "src/price.py",
     lambda p: remove(p, "src/price.py")),
    ("example edited", SHOP, "example-edited", seeded.SHOP_EXAMPLE,
     lambda p: edit(p, seeded.SHOP_EXAMPLE, "sold_1", "sold_2")),
    ("example deleted", PRICE, "example-deleted", seeded.PRICE_EXAMPLE,
     lambda p: remove(p, seeded.PRICE_EXAMPLE)),
    ("tests edited", SHOP, "tests-edited", seeded.SHOP_TESTS,
     lambda p: edit(p, seeded.SHOP_TESTS, "== 3", "== 1 + 2")),
    ("tests deleted", PRICE, "tests-deleted", "tests/test_price.py",
     lambda p: remove(p, "tests/test_price.py")),
    ("fingerprint missing", SHOP, "fingerprint-missing", seeded.SHOP_META,
     lambda p: remove(p, seeded.SHOP_META)),
    ("run report missing", SHOP, "run-report-missing", seeded.SHOP_RUN,
     lambda p: remove(p, seeded.SHOP_RUN)),
    ("never built", "fresh_python", "never-built", "prompts/fresh_python.prompt",
     never_built),
    ("forgotten", f"{SHOP}:verify", "forgotten", SHOP,
     lambda p: p.doit("forget", f"sync:{SHOP}:verify")),
    ("gave up", f"{PRICE}:generate", "gave-up", "generate",
     give_up),
    ("unfinished", PRICE, "unfinished", PRICE,
     lambda p: seeded.with_trace(p, PRICE, seeded.unverified)),
    ("tests fail", SHOP, "tests-fail", seeded.SHOP_TESTS,
     lambda p: edit(p, seeded.SHOP_RUN, '"passed"', '"failed"')),
    ("example fails", SHOP, "example-fails", seeded.SHOP_EXAMPLE,
     lambda p: edit(p, seeded.SHOP_RUN, '"example": {\n  "exit_code": 0',
                    '"example": {\n  "exit_code": 1')),
    ("coverage low", SHOP, "coverage-low", seeded.SHOP_TESTS, low_coverage),
    ("a unit that it names is new", RECEIPT, "unit-added",
     "prompts/total_python.prompt",
     lambda p: p.write("prompts/total_python.prompt", "Write a total.\n")),
    ("a unit that it names is gone", RECEIPT, "unit-gone", seeded.PRICE_EXAMPLE,
     lambda p: remove(p, seeded.PRICE_PROMPT)),
    ("what may be chosen", SHOP, "setting-changed", RC,
     lambda p: append(p, RC, "      auto_deps: rules\n")),
    ("place of code", PRICE, "setting-changed", RC,
     lambda p: append(p, RC, "      generate_output_path: lib/\n")),
    ("renamed", "store_python", "renamed", "shop_python -> store_python", rename),
]  # fmt: skip


@pytest.mark.parametrize(
    "word, kind, subject, seed",
    [pytest.param(*row[1:], id=row[0]) for row in ROWS],
)
def test_the_seeded_cause_is_named_and_nothing_else(project, word, kind, subject, seed):
    seed(project)
    commit(project, "seeded")
    before = project.files()

    found = seeded.explained(project, word)

    assert [(str(c.kind), c.subject) for c in found.causes] == [(kind, subject)]
    said = mapping([found])
    jsonschema.validate(said, SCHEMA)
    shown = lines([found])
    assert len(shown) <= LINES, "\n".join(shown)
    assert all(len(line) <= COLUMNS for line in shown), "\n".join(shown)
    assert subject in " ".join(" ".join(shown).split())
    assert project.files() == before


NOTHING = [
    ("nothing", SHOP, lambda _: None),
    ("version of the program", SHOP,
     lambda p: seeded.with_trace(p, SHOP, seeded.of_older_program)),
    ("white space of a prompt", PRICE,
     lambda p: append(p, seeded.PRICE_PROMPT, "  \n\n")),
    ("comment in an example it needs", RECEIPT,
     lambda p: append(p, seeded.PRICE_EXAMPLE, "# said\n")),
    ("comment in .pddrc", PRICE, lambda p: append(p, RC, "# said\n")),
    ("target that is met", PRICE,
     lambda p: edit(p, RC, "target_coverage: 95", "target_coverage: 96")),
    ("language of other units", PRICE,
     lambda p: p.write(LANGUAGES, "go:\n  environment: {TZ: UTC}\n")),
]  # fmt: skip


@pytest.mark.parametrize(
    "word, seed", [pytest.param(*row[1:], id=row[0]) for row in NOTHING]
)
def test_what_makes_nothing_due_is_no_cause(project, word, seed):
    seed(project)

    found = seeded.explained(project, word)

    assert [cause for cause in found.causes if cause.unit == word] == []
    assert [one for one in found.steps if one.decision.due] == []
    jsonschema.validate(mapping([found]), SCHEMA)


def test_every_kind_is_in_the_schema():
    kinds = SCHEMA["$defs"]["cause"]["properties"]["kind"]["enum"]
    states = SCHEMA["$defs"]["state"]["enum"]
    assert sorted(Kind) == kinds
    assert sorted(StepState) == states


def test_a_unit_whose_prompt_is_gone_is_said_to_be_so(project):
    remove(project, seeded.SHOP_PROMPT)

    said = project.doit("explain", f"{SHOP}:test")

    assert said.code == 3
    assert f"unit {SHOP}: its prompt is gone; its files are left alone" in said.err
