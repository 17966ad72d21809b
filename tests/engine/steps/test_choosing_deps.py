"""What else a prompt needs: found by rules, or chosen by a model."""

import json
from pathlib import PurePosixPath

import pytest
from memory_project import Project, unit

from pdd_tasks.core.model.settings import AutoDeps
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.errors import ReplyError, StepError


INVOICE = "prompts/invoice_python.prompt"
TEXT = "Write an invoice whose amounts of money are rounded to cents.\n"
PROMPTS = {
    "money": "Round amounts to cents, half to even.\n",
    "ledger": "Add amounts to accounts, kept in cents.\n",
    "calendar": "Parse days.\n",
}
MONEY = "<include>examples/money_example.py</include>"
LEDGER = "<include>examples/ledger_example.py</include>"


def project(mode: AutoDeps, text: str = TEXT, **fields: object) -> Project:
    files = {f"prompts/{name}_python.prompt": said for name, said in PROMPTS.items()}
    others = tuple(unit(name) for name in PROMPTS)
    found = Project({INVOICE: text, **files}, {}, of=unit("invoice"), others=others)
    found.set(auto_deps=mode, **fields)
    return found


def chooses(*names: str) -> str:
    return json.dumps({"because": "it rounds cents", "chosen": list(names)})


def test_nothing_else_is_looked_for_unless_it_is_asked_for():
    invoice = project(AutoDeps.NAMED)

    assert invoice.perform(Step.AUTO_DEPS) == [Operation.INJECT_DEPS]
    assert invoice.read(INVOICE) == TEXT


def test_rules_take_what_the_prompt_clearly_says():
    invoice = project(AutoDeps.RULES)

    assert invoice.perform(Step.AUTO_DEPS) == [Operation.INJECT_DEPS]

    assert invoice.read(INVOICE).startswith(TEXT)
    assert MONEY in invoice.read(INVOICE)
    assert LEDGER not in invoice.read(INVOICE)
    assert "includes money_python: the prompt says money" in invoice.notes
    assert "may be needed, too: ledger_python" in invoice.notes
    assert invoice.asked == []
    assert Step.AUTO_DEPS not in invoice.due()


def test_a_model_chooses_among_several_good_ones_and_is_asked_once():
    invoice = project(AutoDeps.MODEL)
    invoice.reply("auto_deps", chooses("ledger_python"))

    assert invoice.perform(Step.AUTO_DEPS) == [Operation.CHOOSE_DEPS]

    assert LEDGER in invoice.read(INVOICE)
    assert MONEY not in invoice.read(INVOICE)
    assert "includes ledger_python: it rounds cents" in invoice.notes
    request = invoice.model.requests[0]
    assert request.kind == "auto_deps"
    names = json.loads(request.schema)["properties"]["chosen"]["items"]["enum"]
    assert sorted(names) == ["ledger_python", "money_python"]
    assert "calendar" not in request.messages[-1].content
    assert Step.AUTO_DEPS not in invoice.due()


def test_a_single_good_one_needs_no_model():
    invoice = project(AutoDeps.MODEL, "Parse the days of a calendar.\n")

    invoice.perform(Step.AUTO_DEPS)

    assert "examples/calendar_example.py" in invoice.read(INVOICE)
    assert invoice.asked == []


def test_a_choice_is_made_anew_when_what_is_offered_changes():
    invoice = project(AutoDeps.MODEL)
    invoice.reply("auto_deps", chooses("ledger_python", "money_python"), chooses())
    invoice.perform(Step.AUTO_DEPS)
    invoice.write("docs/rounding.md", "Rounded amounts of money are in cents.\n")
    invoice.set(context_files=("docs/*.md",))

    assert invoice.due()[Step.AUTO_DEPS] is Operation.CHOOSE_DEPS
    invoice.perform(Step.AUTO_DEPS)
    assert invoice.read(INVOICE) == TEXT


def test_a_document_is_offered_and_included():
    invoice = project(AutoDeps.RULES, context_files=("docs/*.md",))
    invoice.write("docs/invoice.md", "An invoice has amounts of money, rounded.\n")
    invoice.write("docs/empty.md", "")
    invoice.disk[PurePosixPath("docs/odd.md")] = b"\xff"

    invoice.perform(Step.AUTO_DEPS)

    assert "<include>docs/invoice.md</include>" in invoice.read(INVOICE)


def test_an_included_document_that_is_gone_leaves_the_block():
    invoice = project(AutoDeps.RULES, context_files=("docs/*.md",))
    invoice.write("docs/invoice.md", "An invoice has amounts of money, rounded.\n")
    invoice.perform(Step.AUTO_DEPS)
    invoice.set(context_files=())

    invoice.perform(Step.AUTO_DEPS)

    assert "docs/invoice.md" not in invoice.read(INVOICE)


def test_what_needs_the_prompts_own_unit_is_not_offered():
    invoice = project(AutoDeps.RULES)
    invoice.write("prompts/money_python.prompt", "Round as `ledger` does, in cents.\n")
    invoice.write("prompts/ledger_python.prompt", "Add what `invoice` gives, cents.\n")

    invoice.perform(Step.AUTO_DEPS)

    assert MONEY not in invoice.read(INVOICE)
    circle = "ledger_python -> invoice_python"
    assert f"money_python is not offered: it needs {circle}" in invoice.notes


def test_what_cannot_be_read_is_not_offered():
    invoice = project(AutoDeps.RULES)
    invoice.write(
        "prompts/money_python.prompt", "<pdd>auto-deps end</pdd>\n money cents"
    )

    invoice.perform(Step.AUTO_DEPS)

    assert MONEY not in invoice.read(INVOICE)


def test_what_is_included_by_hand_is_not_offered():
    text = f"{TEXT}\n{MONEY}\n"
    invoice = project(AutoDeps.RULES, text)

    invoice.perform(Step.AUTO_DEPS)

    assert invoice.read(INVOICE) == text


def test_a_choice_that_cannot_be_had_gives_up_and_is_not_paid_for_again():
    invoice = project(AutoDeps.MODEL)
    invoice.reply("auto_deps", *["nothing"] * 3)

    with pytest.raises(StepError) as failed:
        invoice.perform(Step.AUTO_DEPS)
    assert not isinstance(failed.value, ReplyError)
    assert invoice.due()[Step.AUTO_DEPS] is Operation.GAVE_UP


STYLE = "Names are nouns.\nNumbers are whole, always.\nThere are no globals.\n"


def test_text_that_an_include_gives_is_reported_and_removed_only_when_asked():
    invoice = project(
        AutoDeps.NAMED, f"Write it.\n{STYLE}<include>style.md</include>\n"
    )
    invoice.write("style.md", STYLE)

    invoice.perform(Step.AUTO_DEPS)
    reported = f"{INVOICE}:2-4: the include of style.md gives these lines"
    assert f"{reported}: remove_redundant=1 takes them out" in invoice.notes
    assert STYLE in invoice.read(INVOICE)

    invoice.set(remove_redundant=True)
    assert invoice.due()[Step.AUTO_DEPS] is Operation.INJECT_DEPS
    invoice.perform(Step.AUTO_DEPS)
    assert invoice.read(INVOICE) == "Write it.\n<include>style.md</include>\n"
    assert f"{reported}: taken out" in invoice.notes
    assert any("a copy of the prompt" in note for note in invoice.notes)
    assert Step.AUTO_DEPS not in invoice.due()
