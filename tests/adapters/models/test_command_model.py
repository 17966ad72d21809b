"""Programs that answer: stand-ins for agents, as real processes."""

import json
import os
import shlex
import stat
import sys
import time
from contextlib import suppress
from dataclasses import replace

import psutil
import pytest
from remembering_till import RememberingTill

from pdd_tasks.adapters.models.command_model import CommandModel, Program
from pdd_tasks.core.model.agent import agent_of
from pdd_tasks.core.model.ledger import Ledger
from pdd_tasks.core.model.settings import (
    CommandForm,
    CommandReply,
    ModelSettings,
    Price,
    Provider,
)
from pdd_tasks.core.prompt.redact import Redactor
from pdd_tasks.core.prompt.request import Message, Request
from pdd_tasks.errors import BudgetError, ConfigError, ModelError


SECRET = "hunter2-and-more"  # noqa: S105 - nobody's
REDACTOR = Redactor.of({"AGENT_KEY": SECRET})
REQUEST = Request(
    kind="generate",
    template="generate@1",
    endpoint="command:ask@v1",
    model="",
    messages=(Message("system", "Rules."), Message("user", "Add ü.")),
    max_tokens=100,
)
JSON = CommandReply(
    form=CommandForm.JSON,
    text="result",
    prompt_tokens="usage.input_tokens",
    completion_tokens="usage.output_tokens",
    cost="total_cost_usd",
    model="model",
    failed="is_error",
)
CLAUDE = """
import json, sys
if "--version" in sys.argv:
    print("2.1.7 (Claude Code)")
else:
    print(json.dumps({
        "is_error": False,
        "result": sys.stdin.read() + " ".join(sys.argv[1:]),
        "total_cost_usd": 0.25,
        "usage": {"input_tokens": 10, "output_tokens": 5},
    }))
"""


def script(root, text, name="ask"):
    path = root / name
    path.write_text(f"#!{sys.executable}\n{text}", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def settings_of(root, text, **more):
    script(root, text)
    return ModelSettings(provider=Provider.COMMAND, command=("./ask",), **more)


def asked(root, settings, *, budget=1_000_000, calls: int | None = 5, **more):
    """Return the reply, or the error instead of it, and the ledger after it."""
    answer, till = asked_at(root, settings, budget=budget, calls=calls, **more)
    return answer, till.purse.ledger()


def asked_at(root, settings, *, budget=1_000_000, calls: int | None = 5, **more):
    """Return the reply, or the error instead of it, and the till it was paid at."""
    till = RememberingTill(Ledger(budget=budget, max_calls=calls))
    model = CommandModel(root, settings, till, REDACTOR, **more)
    try:
        return model.complete(REQUEST), till
    except (ModelError, BudgetError, ConfigError) as error:
        return error, till


def test_the_request_is_on_its_input_which_ends_and_its_output_is_the_reply(tmp_path):
    text = "import sys; sys.stdout.write(sys.stdin.read().upper())"
    reply, ledger = asked(tmp_path, settings_of(tmp_path, text))
    assert reply.text == "RULES.\n\nADD Ü.\n"
    assert reply.model.startswith("ask-")
    assert (reply.cost, reply.prompt_tokens) == (None, None)
    assert (ledger.calls, ledger.spent, ledger.reserved) == (1, 0, 0)


def test_it_runs_in_an_empty_folder_that_is_gone_afterwards(tmp_path):
    text = (
        "import os; print(os.getcwd(), os.listdir())\n"
        "open('left', 'w').close(); os.mkdir('.agent')"
    )
    reply, _ = asked(tmp_path, settings_of(tmp_path, text))
    folder, listed = reply.text.strip().split(" ", 1)
    assert listed == "[]"
    assert not folder.startswith(str(tmp_path))
    assert not os.path.exists(folder)  # noqa: PTH110 - a text of the program


def test_it_sees_the_variables_that_are_named_for_it_and_no_other(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("AGENT_KEY", SECRET)
    monkeypatch.setenv("OTHER_KEY", "never-seen-7")
    text = "import os; print(sorted(n for n in os.environ if n.endswith('_KEY')))"
    open_to = settings_of(tmp_path, text, command_environment=("AGENT_KEY",))
    assert asked(tmp_path, open_to)[0].text == "['AGENT_KEY']\n"
    closed = settings_of(tmp_path, text)
    assert asked(tmp_path, closed)[0].text == "[]\n"


def test_a_secret_in_the_reply_is_taken_out(tmp_path):
    found = settings_of(tmp_path, f"print('x = {SECRET}')")
    assert asked(tmp_path, found)[0].text == "x = [redacted:AGENT_KEY]\n"


def test_an_agent_s_json_says_text_usage_and_cost(tmp_path):
    found = settings_of(tmp_path, CLAUDE, command_reply=JSON, model="opus")
    reply, ledger = asked(tmp_path, found)
    assert reply.text == "Rules.\n\nAdd ü.\n"
    assert (reply.model, reply.cost) == ("opus", 250_000)
    assert (reply.prompt_tokens, reply.completion_tokens) == (10, 5)
    assert (ledger.spent, ledger.calls) == (250_000, 1)


def test_a_preset_is_run_with_its_own_arguments_and_the_model(tmp_path, monkeypatch):
    script(tmp_path, CLAUDE, "claude")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    preset = ModelSettings(provider=Provider.COMMAND, agent="claude", model="opus")
    reply, _ = asked(tmp_path, preset)
    assert reply.text.endswith("-p --output-format json --tools  --model opus")
    held, _ = asked(tmp_path, replace(preset, command_max_cost=250_000), calls=None)
    assert held.text.endswith("--model opus --max-budget-usd 0.25")
    program = Program(tmp_path, agent_of(preset))
    assert program.endpoint() == "command:claude@2.1.7 (Claude Code)"


def test_what_it_cost_is_unknown_without_a_word_of_it_and_then_calls_cap_it(tmp_path):
    found = settings_of(tmp_path, "print('x')")
    refused, ledger = asked(tmp_path, found, calls=None)
    assert isinstance(refused, BudgetError)
    assert "max_calls" in refused.hint
    assert ledger.calls == 0
    reply, _ = asked(tmp_path, found)
    assert reply.cost is None
    used_up, _ = asked(tmp_path, found, calls=0)
    assert isinstance(used_up, BudgetError)


@pytest.mark.parametrize(
    "price, cost, spent",
    [
        pytest.param(Price(input=0, output=0), 0, 0, id="free-on-purpose"),
        pytest.param(Price(input=0, output=2_000_000), None, 200, id="no-usage"),
    ],
)
def test_a_price_in_the_settings_counts(tmp_path, price, cost, spent):
    found = settings_of(tmp_path, "print('x')", model="m", prices={"m": price})
    reply, ledger = asked(tmp_path, found)
    assert (reply.cost, ledger.spent) == (cost, spent)


def test_a_price_and_usage_make_the_cost(tmp_path):
    price = {"m": Price(input=1_000_000, output=2_000_000)}
    silent = replace(JSON, cost="")
    found = settings_of(tmp_path, CLAUDE, model="m", prices=price, command_reply=silent)
    reply, ledger = asked(tmp_path, found)
    assert reply.cost == ledger.spent == 20


def test_a_price_is_no_bound_of_what_asks_as_often_as_it_likes(tmp_path):
    price = {"m": Price(input=1_000_000, output=2_000_000)}
    found = settings_of(tmp_path, CLAUDE, model="m", prices=price, command_reply=JSON)
    refused, till = asked_at(tmp_path, found, calls=None)
    assert isinstance(refused, BudgetError)
    assert "what the next call may cost is unknown" in refused.message
    assert till.passed == []


def test_what_is_free_on_purpose_needs_no_bound(tmp_path):
    free = {"m": Price(input=0, output=0)}
    found = settings_of(tmp_path, CLAUDE, model="m", prices=free)
    assert asked_at(tmp_path, found, calls=None)[1].events[0] == ["reserve", 0]


def test_the_kind_the_tokens_and_the_size_of_a_request_are_told(tmp_path):
    found = settings_of(tmp_path, CLAUDE, command_reply=JSON)
    _, till = asked_at(tmp_path, found)
    [(charge, bill)] = till.passed
    assert (charge.kind, charge.model) == ("generate", "command:ask@v1 ")
    assert (charge.tokens, charge.characters) == (8 + 100, 12)
    assert (bill.tokens_in, bill.tokens_out, bill.cost) == (10, 5, 250_000)


def test_a_cost_that_the_program_is_told_to_hold_is_set_aside(tmp_path):
    words = ("./ask", "--most", "{cost}")
    script(tmp_path, CLAUDE)
    found = ModelSettings(command=words, command_reply=JSON, command_max_cost=500_000)
    reply, till = asked_at(tmp_path, found, calls=None)
    assert till.events == [["reserve", 500_000], ["settle", 500_000, 250_000]]
    assert reply.text.endswith("--most 0.5")
    refused, till = asked_at(tmp_path, found, calls=None, budget=499_999)
    assert isinstance(refused, BudgetError)
    assert till.passed == []


def test_a_program_that_holds_a_cost_and_says_none_counts_as_all_of_it(tmp_path):
    script(tmp_path, "print('x')")
    found = ModelSettings(command=("./ask", "{cost}"), command_max_cost=500_000)
    reply, ledger = asked(tmp_path, found, calls=None)
    assert (reply.cost, ledger.spent) == (None, 500_000)


def test_a_program_that_was_paid_and_ended_in_time_over_counts_what_is_known(tmp_path):
    price = {"m": Price(input=0, output=2_000_000)}
    text = "import time; time.sleep(60)"
    found = settings_of(tmp_path, text, model="m", prices=price, timeout_s=0.3)
    assert asked(tmp_path, found)[1].spent == 200


def test_a_cost_that_nothing_would_hold_is_refused_before_a_call_counts(tmp_path):
    found = settings_of(tmp_path, CLAUDE, command_max_cost=500_000)
    refused, till = asked_at(tmp_path, found)
    assert isinstance(refused, ConfigError)
    assert "takes no limit of cost" in refused.message
    assert till.passed == []


def test_it_is_ended_with_its_children_when_its_time_is_over(tmp_path):
    text = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'"
        "])\n"
        f"open({str(tmp_path / 'pid')!r}, 'w').write(str(child.pid))\n"
        "time.sleep(60)"
    )
    began = time.monotonic()
    error, ledger = asked(tmp_path, settings_of(tmp_path, text, timeout_s=1.0))
    assert isinstance(error, ModelError)
    assert "did not answer in 1 s" in error.message
    assert time.monotonic() - began < 20
    assert ledger.calls == 1
    child = int((tmp_path / "pid").read_text())
    with suppress(psutil.NoSuchProcess):
        psutil.Process(child).wait(timeout=10)


@pytest.mark.parametrize(
    "text, said",
    [
        pytest.param(
            f"import sys; sys.exit('no credit for {SECRET}')",
            "ended with exit code 1: no credit for [redacted:AGENT_KEY]",
            id="exit-code-and-its-words",
        ),
        pytest.param("print('half'); raise SystemExit(42)", "42: half", id="output"),
        pytest.param("raise SystemExit(53)", "exit code 53", id="no-words"),
    ],
)
def test_a_program_that_fails_gave_no_reply(tmp_path, text, said):
    settings = settings_of(tmp_path, text)
    error, ledger = asked(tmp_path, settings)
    assert type(error) is ModelError
    assert said in error.message
    assert f"run `{shlex.join(settings.command)}` by hand" in error.hint
    assert ledger.calls == 1


@pytest.mark.parametrize(
    "printed, said, spent",
    [
        pytest.param(
            {"is_error": True, "result": "no credit", "total_cost_usd": 0.1},
            "failed: no credit",
            100_000,
            id="says-so-itself-and-what-it-cost",
        ),
        pytest.param({"result": None}, "gave no reply", 0, id="no-text"),
    ],
)
def test_json_without_a_reply_is_none(tmp_path, printed, said, spent):
    text = f"print({json.dumps(printed)!r})"
    error, ledger = asked(tmp_path, settings_of(tmp_path, text, command_reply=JSON))
    assert type(error) is ModelError
    assert said in error.message
    assert ledger.spent == spent


def test_words_where_json_was_expected_are_an_error(tmp_path):
    found = settings_of(tmp_path, "print('Welcome!')", command_reply=JSON)
    error, _ = asked(tmp_path, found)
    assert "is not json" in error.message
    failed = settings_of(tmp_path, "raise SystemExit('sign in')", command_reply=JSON)
    assert "sign in" in asked(tmp_path, failed)[0].message


def test_more_output_than_the_limit_is_no_reply(tmp_path):
    found = settings_of(tmp_path, "print('x' * 100_000)")
    error, _ = asked(tmp_path, found, output_limit=1000)
    assert "more than 1000 bytes" in error.message


def test_a_program_that_is_not_there_is_refused_before_a_call_counts(tmp_path):
    missing = ModelSettings(provider=Provider.COMMAND, command=("no-such-agent",))
    error, ledger = asked(tmp_path, missing)
    assert isinstance(error, ConfigError)
    assert "'no-such-agent'" in error.message
    assert ledger.calls == 0


def test_the_project_s_folder_can_be_named(tmp_path):
    (tmp_path / "tool.py").write_text("print('from the project')")
    words = (sys.executable, "{root}/tool.py")
    reply, _ = asked(tmp_path, ModelSettings(command=words))
    assert reply.text == "from the project\n"


def test_another_version_is_another_endpoint(tmp_path):
    def endpoint(version):
        script(tmp_path, f"print('v{version}\\nand more')")
        words = ("./ask", "--version")
        found = ModelSettings(command=("./ask",), command_version=words)
        return Program(tmp_path, agent_of(found)).endpoint()

    assert endpoint(1) == "command:ask@v1"
    assert endpoint(2) == "command:ask@v2"


@pytest.mark.parametrize("text", ["raise SystemExit(1)", "pass"])
def test_a_version_that_is_not_said_is_an_error(tmp_path, text):
    script(tmp_path, text)
    found = ModelSettings(command=("./ask",), command_version=("./ask", "-V"))
    with pytest.raises(ConfigError) as refused:
        Program(tmp_path, agent_of(found)).endpoint()
    assert "endpoint=" in refused.value.hint
