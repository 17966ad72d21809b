"""What ``doit explain`` says of a cause, and of circumstances that are none."""

import json
import shutil
import sqlite3
from contextlib import closing

import jsonschema
import pytest
import seeded
from project import ROOT
from seeded import PRICE, RECEIPT, SHOP, append, commit, edit, remove

from pdd_tasks.core.plan.cause import Kind, StepState
from pdd_tasks.plugin.explain_lines import lines
from pdd_tasks.plugin.explain_mapping import mapping
from pdd_tasks.plugin.project import Project as Units


SCHEMA = json.loads((ROOT / "docs/schemas/explain.schema.json").read_text("utf-8"))
RC, LANGUAGES = ".pddrc", "languages.yaml"


@pytest.fixture
def project(shop, tmp_path):
    return seeded.copied(shop, tmp_path)


def named(found):
    return [(str(cause.kind), cause.unit, cause.subject) for cause in found.causes]


def test_prompt_and_code_that_both_changed_are_both_named(project):
    append(project, seeded.SHOP_PROMPT, "- It is open.\n")
    append(project, seeded.SHOP_CODE, "\n\ndef mine():\n    return 1\n")

    found = seeded.explained(project, SHOP)

    assert named(found) == [
        ("prompt-changed", SHOP, seeded.SHOP_PROMPT),
        ("code-edited", SHOP, seeded.SHOP_CODE),
    ]
    generate = found.steps[2]
    assert str(generate.decision.operation) in {"merge", "stop"}
    assert [str(step) for step in found.causes[1].steps[:1]] == ["generate"]


def test_the_commit_is_named_and_so_are_those_before_it(project):
    for text in ("cents, say", "cents, tell"):
        edit(project, seeded.PRICE_PROMPT, "cents", text)
        commit(project, f"Ask for {text}")

    (cause,) = seeded.explained(project, PRICE).causes

    assert cause.commit is not None
    assert cause.commit.subject == "Ask for cents, tell"
    assert cause.commit.author == "a"
    assert cause.commit.earlier == 1
    assert not cause.uncommitted
    shown = "\n".join(lines([seeded.explained(project, PRICE)]))
    assert f"commit {cause.commit.id} (and 1 before it) by a, 2" in shown


def test_the_hunk_and_both_digests_are_shown(project):
    edit(project, seeded.RULES, "Be polite.", "Be brief.")

    found = seeded.explained(project, SHOP)

    (cause,) = found.causes
    assert cause.hunk == ("@@ -1 +1 @@", "-Be polite.", "+Be brief.")
    assert cause.uncommitted
    shown = "\n".join(lines([found]))
    assert f"{cause.before[:12]} -> {cause.now[:12]}" in shown
    assert "not committed yet" in shown
    assert "+Be brief." in shown


def test_without_git_the_old_bytes_are_not_to_be_had_and_nothing_is_invented(project):
    shutil.rmtree(project.root / ".git")
    edit(project, seeded.RULES, "Be polite.", "Be brief.")

    found = seeded.explained(project, SHOP)

    (cause,) = found.causes
    assert (cause.hunk, cause.commit, cause.uncommitted) == ((), None, False)
    assert lines([found])


def test_the_way_leads_through_the_units_in_between(project):
    append(project, seeded.PRICE_EXAMPLE, seeded.MORE)

    found = seeded.explained(project, f"{SHOP}:generate")

    assert found.state is StepState.POSSIBLE
    assert [route.nodes for route in found.routes] == [
        (
            seeded.PRICE_EXAMPLE,
            f"{RECEIPT}:generate",
            f"{RECEIPT}:example",
            seeded.RECEIPT_EXAMPLE,
            f"{SHOP}:generate",
        )
    ]


def test_an_example_that_was_made_anew_leads_back_to_its_prompt(project):
    append(project, seeded.PRICE_EXAMPLE, seeded.MORE)
    seeded.with_trace(project, PRICE, seeded.made_anew)

    found = seeded.explained(project, RECEIPT)

    assert named(found)[0] == ("upstream-additive", RECEIPT, seeded.PRICE_EXAMPLE)
    assert found.routes[0].nodes[:5] == (
        seeded.PRICE_PROMPT,
        f"{PRICE}:generate",
        f"{PRICE}:example",
        seeded.PRICE_EXAMPLE,
        f"{RECEIPT}:generate",
    )


@pytest.mark.parametrize(
    "old, new, note",
    [
        pytest.param("95", "99", "target_coverage: 95 -> 99", id="coverage"),
        pytest.param(
            "95\n",
            "95\n      environment: [TZ]\n",
            "environment: none -> TZ",
            id="runs",
        ),
    ],
)
def test_a_setting_is_named_with_its_key_and_both_values(project, old, new, note):
    edit(project, RC, f"target_coverage: {old}", f"target_coverage: {new}")

    (cause,) = seeded.explained(project, SHOP).causes

    assert (cause.subject, cause.note) == (RC, note)
    assert any(new.strip().rpartition("\n")[2].strip() in line for line in cause.hunk)


def test_a_setting_of_the_command_line_is_named_as_one(project):
    (cause,) = seeded.explained(project, SHOP, target_coverage="99").causes

    assert cause.kind is Kind.SETTING
    assert cause.subject == "target_coverage=99 on the command line"
    assert cause.note == "target_coverage: 95 -> 99"


def test_the_key_of_a_language_is_named(project):
    project.write(LANGUAGES, "python:\n  environment: {TZ: UTC}\n")

    (cause,) = seeded.explained(project, SHOP).causes

    assert cause.note == "python: environment"
    assert cause.hunk[1:] == ("+python:", "+  environment: {TZ: UTC}")


def test_a_circle_is_named_with_its_prompts(project):
    append(project, seeded.PRICE_PROMPT, f"<include>{seeded.SHOP_EXAMPLE}</include>\n")

    found = seeded.explained(project, SHOP)

    assert found.state is StepState.BLOCKED
    way = f"{SHOP} -> {RECEIPT} -> {PRICE} -> {SHOP}"
    assert named(found) == [("circle", SHOP, way)]
    jsonschema.validate(mapping([found]), SCHEMA)
    assert seeded.PRICE_PROMPT in "\n".join(lines([found]))


def test_a_broken_fingerprint_is_refused_with_what_to_do(project):
    project.write(seeded.SHOP_META, "{")

    said = project.doit("explain", SHOP)

    assert said.code == 3, said.text
    assert "cannot be looked at" in said.out
    assert seeded.SHOP_META in said.out
    assert "Traceback" not in said.text


def test_a_unit_that_is_held_by_a_running_process_is_blocked(project):
    edit(project, seeded.PRICE_PROMPT, "whole cents", "cents")
    units = Units(project.root, (".",), {})
    unit = units.unit(PRICE)
    assert unit is not None
    with units.world(unit).locks.hold(unit.id, print):
        found = json.loads(project.doit("explain", PRICE, "--json").out)["units"][0]

    assert found["state"] == "blocked"
    assert [one["kind"] for one in found["remarks"]] == ["held"]
    assert [one["kind"] for one in found["causes"]] == ["prompt-changed"]


def test_what_failed_last_time_says_how_and_why_it_is_due(project):
    edit(project, seeded.PRICE_PROMPT, "whole cents", "cents")
    assert project.doit(f"sync:{PRICE}").code != 0

    found = json.loads(project.doit("explain", PRICE, "--json").out)["units"][0]

    assert found["state"] == "failed"
    assert [one["kind"] for one in found["remarks"]] == ["failed"]
    assert (
        "nothing is recorded for this generate request" in found["remarks"][0]["text"]
    )
    assert {one["kind"] for one in found["causes"]} == {"prompt-changed"}
    assert found["asks"]["missing"] == ["generate"]


def test_an_interrupted_run_is_said_beside_the_cause(project):
    edit(project, seeded.PRICE_PROMPT, "whole cents", "cents")
    with closing(sqlite3.connect(project.root / ".pdd/state.db")) as base, base:
        base.execute(
            "INSERT INTO operation (at, unit, step, operation, because, status)"
            " VALUES ('2999-01-01T00:00:00Z', ?, 'generate', 'generate', 'x',"
            " 'running')",
            (PRICE,),
        )

    found = seeded.explained(project, PRICE)

    assert [one.kind for one in found.remarks] == ["interrupted"]
    assert [str(cause.kind) for cause in found.causes] == ["prompt-changed"]


def test_a_step_whose_reply_is_on_record_is_replayed(project):
    remove(project, "src/price.py")

    found = seeded.explained(project, f"{PRICE}:generate")

    assert found.state is StepState.REPLAYED
    assert found.total is not None
    assert found.total.recorded
    assert lines([found])[-2].startswith("asks   generate: openai/recorded; what it")


def test_the_price_of_what_would_be_asked_is_said(project):
    edit(project, seeded.PRICE_PROMPT, "whole cents", "cents")
    variables = {"replies": "live", "model": "openai/gpt-4o-mini"}

    found = seeded.explained(project, f"{PRICE}:generate", **variables)

    assert found.state is StepState.STALE
    assert found.total is not None
    assert found.total.kinds == ("generate",)
    assert 0 < (found.total.likely or 0) < (found.total.high or 0)
    assert "openai/gpt-4o-mini; about $0.0" in "\n".join(lines([found]))


def test_the_row_is_that_of_the_decision_table(project):
    edit(project, seeded.PRICE_PROMPT, "whole cents", "cents")

    found = seeded.explained(project, f"{PRICE}:generate")

    page = (ROOT / "docs/decision-table.md").read_text("utf-8")
    section = page.partition("\n## generate\n")[2]
    view = found.steps[-1]
    assert f"\n| {view.row.number} | {view.row.rule.facts} | **generate** |" in section


def test_several_units_are_explained_in_short(project):
    edit(project, seeded.PRICE_PROMPT, "whole cents", "cents")

    said = project.doit("explain", "price", "shop")

    assert said.code == 0, said.text
    assert said.out.splitlines() == [
        f"{PRICE} is stale: 3 steps are due",
        f"  the prompt changed: {seeded.PRICE_PROMPT}",
        f"{SHOP} is current, but what it needs is not: it may follow",
        f"  the prompt changed: {seeded.PRICE_PROMPT} of {PRICE}",
        f"name one for all of it: doit explain {PRICE}",
    ]


def test_without_a_word_all_that_are_not_current_are_explained(project):
    assert project.doit("explain").out == "3 units are current\n"
    edit(project, seeded.SHOP_TESTS, "== 3", "== 1 + 2")

    found = json.loads(project.doit("explain", "--json").out)

    assert found["current"] == 2
    assert [one["unit"] for one in found["units"]] == [SHOP]


@pytest.mark.parametrize(
    "word, said",
    [
        pytest.param("recipt", "the nearest are receipt", id="unit"),
        pytest.param(f"{PRICE}:tset", "its steps are auto-deps", id="step"),
    ],
)
def test_what_cannot_be_meant_is_refused(project, word, said):
    found = project.doit("explain", word)

    assert found.code == 3
    assert said in found.err
    assert "Traceback" not in found.err
