"""A model chooses what a prompt needs, and that is synced first, in the same run."""

import json

import pytest
from calculator_texts import CODE, EXAMPLE, TESTS, fenced
from model_server import Answer, Body, ModelServer, Say, last_user_message
from project import Project
from surface import kind, kinds, live, steps


PROMPTS = {
    "invoice": "Write an invoice whose amounts of money are rounded to cents.\n",
    "ledger": "Add amounts to accounts, kept in cents.\n",
    "money": "Round amounts to cents, half to even.\n",
}
PDDRC = """\
version: "1.0"
contexts:
  default:
    defaults: {auto_deps: model, target_coverage: 50}
"""


def answered(body: Body, chosen: dict[str, str]) -> Answer:
    """Return an answer for the unit that a request is about."""
    text = last_user_message(body)
    unit = next((u for u in PROMPTS if text.rstrip().endswith(f"src/{u}.py`.")), "")
    if unit and "Choose for" in text.rstrip().rpartition("\n")[2]:
        chosen_names = [chosen[unit]] if unit in chosen else []
        return Say(json.dumps({"because": "it needs it", "chosen": chosen_names}))
    name = next(u for u in PROMPTS if f"{u}" in text.rstrip().rpartition("\n")[2])
    replies = {
        "generate": fenced(CODE),
        "example": fenced(EXAMPLE.replace("calculator", name)),
        "test": fenced(TESTS.replace("calculator", name)),
    }
    return Say(replies[kind(body)])


def server(**chosen: str) -> ModelServer:
    return ModelServer(lambda body: answered(body, chosen))


@pytest.fixture
def units(tmp_path):
    project = Project.in_folder(tmp_path)
    for name, text in PROMPTS.items():
        project.write(f"prompts/{name}_python.prompt", text)
    project.write(".pddrc", PDDRC)
    return project


QUICK = ("profile=quick",)
THREADS = ("run", "-n", "3", "-P", "thread")


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("sync:invoice",), id="one unit", marks=pytest.mark.slow),
        pytest.param((*THREADS, "sync"), id="in threads"),
    ],
)
def test_what_was_chosen_is_synced_before_the_code_is_made(units, words):
    with server(invoice="money_python") as model:
        said = units.doit(*live(model, *words), *QUICK, OPENAI_API_KEY="sk-x")

    assert said.code == 0, said.text
    assert "examples/money_example.py" in units.read("prompts/invoice_python.prompt")
    made = [
        last_user_message(body) for body in model.requests if kind(body) == "generate"
    ]
    invoice = next(text for text in made if text.rstrip().endswith("src/invoice.py`."))
    assert "from money import add" in invoice  # the example as it was just made
    again = units.doit(*words, *QUICK)
    assert (again.code, steps(again)) == (0, [])


@pytest.mark.slow
def test_a_circle_that_two_choices_would_close_is_refused_before_it_is_paid_for(units):
    with server(invoice="money_python", money="invoice_python") as model:
        asked = live(model, *THREADS, "sync")
        said = units.doit(*asked, *QUICK, OPENAI_API_KEY="sk-x")

    assert said.code == 0, said.text
    blocks = [units.read(f"prompts/{n}_python.prompt") for n in ("invoice", "money")]
    assert sum("<include>" in text for text in blocks) == 1
    assert kinds(model).count("generate") == 3
