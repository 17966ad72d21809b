"""Real requests to a model on this machine: how many, and what comes of them."""

import csv
import json
import shutil
from collections import Counter

import pytest
from calculator_texts import CODE, fenced, judged
from model_server import Answer, Body, ModelServer, Say, Status, Truncated
from surface import (
    good,
    kind,
    kinds,
    live,
    server_of,
    steps,
    through_litellm,
    unchanged,
    unit_project,
)


SECRET = "sk-planted-7f3a9c51d2e84b60"  # noqa: S105 - planted, to be looked for
STATE = (".pdd/",)
PROMPT = "prompts/calculator_python.prompt"
CALCULATOR = "src/calculator.py"


@pytest.fixture(scope="module")
def first_live(tmp_path_factory):
    """Return a unit synced live, what was said, and the server that answered."""
    project = unit_project(tmp_path_factory.mktemp("live"), "calculator")
    with server_of() as server:
        words = through_litellm(server, "sync:calculator", "output_cost=costs.csv")
        said = project.doit(*words, OPENAI_API_KEY=SECRET)
    return project, said, server


def test_a_new_unit_whose_first_answers_are_good_takes_four_requests(first_live):
    project, said, server = first_live

    assert said.code == 0, said.text
    assert kinds(server) == ["generate", "example", "verify", "test"]
    assert said.out.splitlines()[-1].startswith("sync: 1 unit in sync; 6 steps run; 4 ")
    assert project.read(CALCULATOR) == CODE


def test_a_second_run_after_live_calls_asks_nobody(first_live):
    project, _, server = first_live
    before = project.files()

    said = project.doit(*through_litellm(server, "sync:calculator"))

    assert said.out == "sync: 1 unit in sync; nothing to do\n"
    assert project.files() == before


def test_a_key_is_sent_and_never_written(first_live):
    project, said, server = first_live

    assert set(server.authorizations) == {f"Bearer {SECRET}"}
    assert SECRET not in said.text
    files = project.contents()
    assert [name for name, data in files.items() if SECRET.encode() in data] == []


def test_costs_are_listed_one_row_a_paid_step(first_live):
    project, _, _ = first_live

    rows = list(csv.DictReader(project.read("costs.csv").splitlines()))

    assert [row["command"] for row in rows] == ["generate", "example", "verify", "test"]
    assert {row["cost"] for row in rows} == {"unknown"}
    assert rows[0]["input_files"] == PROMPT
    assert rows[0]["output_files"] == CALCULATOR


def test_recorded_replies_are_not_paid_for_again(first_live, tmp_path):
    project, _, _ = first_live
    again = unit_project(tmp_path, "calculator")
    for path, data in project.contents().items():
        if path.startswith(".pdd/cache/"):
            again.write(path, data.decode())

    said = again.doit("sync:calculator", "model=openai/test", "replies=replay")

    assert said.code == 0, said.text
    assert "4 recorded replies" in said.out
    assert again.read(CALCULATOR) == CODE


def test_a_rate_limit_and_a_servers_error_are_tried_again(tmp_path):
    project = unit_project(tmp_path, "calculator")
    script = (Status(429, retry_after=0), Status(500), Say(good("generate")))

    with ModelServer(script) as server:
        words = through_litellm(server, "sync:calculator_python:generate")
        said = project.doit(*words, OPENAI_API_KEY=SECRET)

    assert said.code == 0, said.text
    assert kinds(server) == ["generate"] * 3
    assert project.read(CALCULATOR) == CODE


ELIDED = fenced(
    "def add(a, b):\n    return a + b\n\n\n# ... rest of the code unchanged\n"
)
REPLIES: dict[str, Answer] = {
    "prose": Say("I would write an adder and a subtracter."),
    "empty": Say(""),
    "elided": Say(ELIDED),
    "broken": Say(fenced("def add(a, b:\n")),
    "cut": Truncated("```python\ndef add(a, b):\n"),
    "denied": Status(401, message=f"Incorrect API key provided: {SECRET}"),
}


def unit_of(body: Body) -> str:
    """Return the unit that a request is about."""
    text = json.dumps(body["messages"])
    return next(name for name in REPLIES if f"src/{name}.py" in text)


@pytest.fixture(scope="module")
def hopeless(tmp_path_factory):
    """Return a project whose models answer badly, what was said, and the server."""
    project = unit_project(tmp_path_factory.mktemp("hopeless"), *REPLIES)
    with ModelServer(lambda body: REPLIES[unit_of(body)]) as server:
        words = through_litellm(server, "max_attempts=2", "retries=0")
        said = project.doit(*words, OPENAI_API_KEY=SECRET)
    return project, said, server


def entries(project, unit):
    """Return the recorded replies to requests about a unit."""
    folder = project.root / ".pdd/cache/generate"
    found = [json.loads(path.read_bytes()) for path in folder.glob("*.json")]
    return [one for one in found if f"src/{unit}.py" in json.dumps(one["request"])]


def test_replies_that_cannot_be_used_fail_the_units_and_make_no_file(hopeless):
    project, said, _ = hopeless

    assert said.code == 1, said.text
    assert not (project.root / "src").exists()
    assert "sync: 0 units in sync; 6 not; 12 steps run" in said.out


@pytest.mark.parametrize(
    "unit, message",
    [
        pytest.param("prose", "no usable reply in 2 attempts", id="prose"),
        pytest.param("elided", "leaves code out", id="elided"),
        pytest.param("broken", "the reply is not python", id="not the language"),
        pytest.param("cut", "max_tokens", id="truncated"),
        pytest.param("empty", "empty", id="empty"),
        pytest.param("denied", "key", id="denied"),
    ],
)
def test_a_bad_reply_is_named(hopeless, unit, message):
    _, said, _ = hopeless

    begin = said.out.index(f"{unit}_python generate FAILED")
    assert message in said.out[begin:].partition("_python ")[2].partition("\nsync: ")[0]


def test_attempts_are_made_as_often_as_allowed(hopeless):
    _, _, server = hopeless

    asked = Counter(unit_of(body) for body in server.requests)

    assert asked["prose"] == asked["elided"] == asked["broken"] == 2
    assert asked["cut"] == asked["denied"] == 1


@pytest.mark.parametrize("unit", ["prose", "elided", "broken"])
def test_replies_that_cannot_be_used_are_recorded_as_rejected(hopeless, unit):
    project, _, _ = hopeless

    assert [entry["status"] for entry in entries(project, unit)] == ["rejected"] * 2


def test_a_key_in_a_servers_message_is_not_passed_on(hopeless):
    project, said, _ = hopeless

    assert SECRET not in said.text
    assert not [n for n, data in project.contents().items() if SECRET.encode() in data]


def test_a_hopeless_state_is_not_paid_for_again(hopeless):
    project, _, _ = hopeless
    before = project.contents()

    with ModelServer() as server:
        hopeless_ones = ("prose", "elided", "broken", "cut")
        units = [f"sync:{unit}_python" for unit in hopeless_ones]
        said = project.doit(*through_litellm(server, "run", *units))

    assert said.code == 1, said.text
    assert server.requests == []
    assert "its attempts in this very state have failed" in said.out
    assert "doit forget sync:prose_python:generate" in said.out
    assert unchanged(before, project.contents(), but=[".pdd/locks/"])


def test_what_is_forgotten_is_tried_anew(hopeless):
    project, _, _ = hopeless
    project.doit("forget", "sync:prose_python:generate")

    with server_of() as server:
        said = project.doit(*through_litellm(server, "sync:prose_python:generate"))

    assert said.code == 0, said.text
    assert kinds(server) == ["generate"]
    assert project.read("src/prose.py") == CODE


HARMLESS = "\n_UNUSED = 1\n"


@pytest.fixture(scope="module")
def proposed(first_calculator, tmp_path_factory):
    """Return a project with edited code, the proposed prompt, and a server for it."""
    folder = tmp_path_factory.mktemp("proposed")
    project = type(first_calculator[0])(folder)
    shutil.copytree(first_calculator[0].root, folder, dirs_exist_ok=True)
    project.write(CALCULATOR, project.read(CALCULATOR) + HARMLESS)
    wanted = project.read(PROMPT) + "- It keeps one name that nobody uses.\n"
    verdict = judged(wanted).replace("def add", "def evaluate")
    with server_of(update=fenced(wanted, "prompt"), verify=verdict) as server:
        yield project, wanted, server


def test_an_edit_of_code_leads_to_one_proposal_and_waits(proposed):
    project, _, server = proposed
    before = project.contents()

    first = project.doit(*live(server, "sync:calculator"))
    second = project.doit(*live(server, "sync:calculator"))

    assert (first.code, second.code) == (4, 4), first.text + second.text
    assert kinds(server) == ["update"]
    for said in (first, second):
        assert "+- It keeps one name that nobody uses." in said.out
        assert "accept_updates=1" in said.out
    assert first.out.index("the example ran") < first.out.index("+- It keeps one name")
    assert unchanged(before, project.contents(), but=STATE)


def test_a_confirmed_proposal_is_applied_and_the_edit_kept(proposed):
    project, wanted, server = proposed
    code = project.read(CALCULATOR)

    said = project.doit(*live(server, "sync:calculator", "accept_updates=1"))

    assert said.code == 0, said.text
    assert kinds(server) == ["update", "verify"]
    assert project.read(PROMPT) == wanted
    assert project.read(CALCULATOR) == code
    assert project.pending() == []


def verdict_for(project):
    return judged(project.read(PROMPT)).replace("def add", "def evaluate")


@pytest.mark.slow
def test_an_edited_example_costs_one_verdict(synced):
    example = "examples/calculator_example.py"
    edited = synced.read(example) + 'print("more")\n'
    synced.write(example, edited)

    with server_of(verify=verdict_for(synced)) as server:
        said = synced.doit(*live(server, "sync:calculator"))

    assert (said.code, kinds(server)) == (0, ["verify"]), said.text
    assert synced.read(example) == edited
    assert synced.pending() == []


def test_deleted_code_is_generated_again_and_nothing_else(synced):
    before = synced.contents()
    code = synced.read(CALCULATOR)
    (synced.root / CALCULATOR).unlink()

    with server_of(generate=fenced(code)) as server:
        said = synced.doit(*live(server, "sync:calculator"))

    assert (said.code, kinds(server)) == (0, ["generate"]), said.text
    assert unchanged(before, synced.contents(), but=STATE)
    assert synced.pending() == []


@pytest.mark.slow
def test_a_forgotten_example_is_asked_for_alone(synced):
    synced.doit("forget", "sync:calculator_python:example")
    example = synced.read("examples/calculator_example.py")

    with server_of(example=fenced(example)) as server:
        said = synced.doit(*live(server, "sync:calculator"))

    assert (said.code, kinds(server)) == (0, ["example"]), said.text
    assert steps(said) == ["example"]
    assert synced.pending() == []


@pytest.mark.slow
def test_an_adopted_edit_is_synced_without_generating(synced):
    edited = synced.read(CALCULATOR) + HARMLESS
    synced.write(CALCULATOR, edited)
    synced.doit("reset-dep", "sync:calculator_python")

    with server_of(verify=verdict_for(synced)) as server:
        said = synced.doit(*live(server, "sync:calculator"))

    assert said.code == 0, said.text
    assert set(kinds(server)) <= {"verify"}
    assert synced.read(CALCULATOR) == edited
    assert synced.pending() == []


@pytest.mark.slow
def test_a_changed_prompt_is_generated_for_and_the_rest_follows(synced):
    synced.write(PROMPT, synced.read(PROMPT) + "- It keeps a name.\n")
    code = synced.read(CALCULATOR) + HARMLESS
    replies = {"generate": fenced(code), "verify": verdict_for(synced)}
    body = "    assert evaluate('3') == 3\n"
    tests = f"from calculator import evaluate\n\n\ndef test_new():\n{body}"

    with server_of(**replies, test=fenced(tests)) as server:
        said = synced.doit(*live(server, "sync:calculator"))

    assert said.code == 0, said.text
    assert kinds(server) == ["generate", "verify", "test"]
    assert kind(server.requests[0]) == "generate"
    assert synced.read(CALCULATOR) == code
    assert "def test_new" in synced.read("tests/test_calculator.py")
    assert synced.pending() == []
