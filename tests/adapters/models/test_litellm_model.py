import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pdd_tasks.adapters.models.litellm_model import LiteLlmModel
from pdd_tasks.core.model.settings import ModelSettings
from pdd_tasks.core.prompt.redact import Redactor
from pdd_tasks.core.prompt.request import Request
from pdd_tasks.engine.ports import Model
from pdd_tasks.errors import ConfigError


TESTS = Path(__file__).parents[2]
WORST = 20_020  # what the driver's request may cost at its price
DONE = {"budget": 1_000_000, "max_calls": None, "reserved": 0}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("litellm")
    (folder / ".env").write_text("PDD_FROM_DOTENV=1\nOPENAI_API_KEY=from-dotenv\n")
    measured = {n: v for n, v in os.environ.items() if n.startswith("COVERAGE_")}
    done = subprocess.run(
        [sys.executable, TESTS / "adapters/models/litellm_driver.py", "outcomes.json"],
        cwd=folder,
        env=measured | {"HOME": str(folder), "PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return json.loads((folder / "outcomes.json").read_text(encoding="utf-8"))


class NobodyPays:
    """A till that nobody comes to."""

    def paid(self, charge):
        """Fail: nothing is to be paid for."""
        raise AssertionError(charge)


def test_it_is_the_model_that_the_engine_asks_for_and_keeps_no_record():
    model: Model = LiteLlmModel(
        ModelSettings(), NobodyPays(), Redactor.of({}), tell=print
    )
    request = Request(
        kind="fix",
        template="fix@1",
        endpoint="e",
        model="",
        messages=(),
        max_tokens=1,
    )
    model.reject(request, "prose")
    with pytest.raises(ConfigError, match="no model is chosen"):
        model.complete(request)


def test_asking_is_offline_but_for_the_endpoint_and_reads_no_dotenv(outcomes):
    assert outcomes["process"] | {"loaded": None} == {
        "early": False,
        "loaded": None,
        "hosts": ["127.0.0.1"],
        "dotenv": None,
    }


def test_many_threads_load_it_once_and_it_is_left_out_of_the_search_for_garbage(
    outcomes,
):
    assert outcomes["process"]["loaded"] == {
        "modules": 1,
        "searches": True,
        "left_out": True,
    }


def test_a_request_goes_out_whole_and_its_answer_comes_back_priced(outcomes):
    found = outcomes["answer"]
    assert found["bodies"] == [
        {
            "model": "m",
            "messages": [
                {"role": "system", "content": "s"},
                {"role": "user", "content": "u"},
            ],
            "max_tokens": 10_000,
            "temperature": 0.0,
        }
    ]
    assert found["reply"] == {
        "text": "def f(): ...\n",
        "model": "m",
        "prompt_tokens": 100,
        "completion_tokens": 50,
        "cost": 200,
        "recorded": "",
        "dropped": [],
        "key": "",
    }


def test_the_worst_case_is_reserved_and_the_charge_settled(outcomes):
    found = outcomes["answer"]
    assert found["money"] == [["reserve", WORST], ["settle", WORST, 200]]
    assert found["ledger"] == DONE | {"spent": 200, "calls": 1}


def test_what_a_request_may_take_and_took_is_told_with_its_size(outcomes):
    found = outcomes["answer"]
    assert found["charges"] == [
        {
            "unit": "",
            "kind": "generate",
            "model": "loopback openai/m",
            "worst": WORST,
            "tokens": 10_000 + 20,
            "characters": 2,
        }
    ]
    assert [(bill["tokens_in"], bill["tokens_out"]) for bill in found["bills"]] == [
        (100, 50)
    ]


def test_a_complaint_about_too_many_requests_is_told_with_its_wait(outcomes):
    bills = outcomes["rate-limit"]["bills"]
    assert [(bill["throttled"], bill["wait_s"]) for bill in bills] == [
        (True, 2.5),
        (True, None),
        (False, None),
    ]
    assert not outcomes["quota"]["bills"][0]["throttled"]


@pytest.mark.parametrize(
    "case, text",
    [
        pytest.param("text-is-exact", "  a\r\n\tb ü\n\n", id="exact"),
        pytest.param("half-a-character", "a?b", id="what-no-file-can-hold"),
        pytest.param("no-content", "", id="emptiness-is-left-to-the-parser"),
        pytest.param("secret-in-reply", "x = '[redacted:OPENAI_API_KEY]'", id="secret"),
    ],
)
def test_the_text_of_a_reply(outcomes, case, text):
    assert outcomes[case]["reply"]["text"] == text


@pytest.mark.parametrize(
    "case, name, present",
    [
        pytest.param("no-temperature", "temperature", False, id="left-to-provider"),
        pytest.param("temperature-not-supported", "temperature", False, id="dropped"),
        pytest.param("price-of-the-table", "temperature", True, id="supported"),
        pytest.param("schema", "response_format", True, id="schema"),
        pytest.param("schema-not-supported", "response_format", False, id="no-schema"),
    ],
)
def test_parameters_go_out_where_the_model_takes_them(outcomes, case, name, present):
    assert (name in outcomes[case]["bodies"][0]) is present


@pytest.mark.parametrize(
    "case, dropped",
    [
        pytest.param("answer", [], id="all-was-sent"),
        pytest.param("no-temperature", [], id="none-was-asked-for"),
        pytest.param("temperature-not-supported", ["temperature"], id="temperature"),
        pytest.param("schema", [], id="schema"),
        pytest.param("schema-not-supported", ["response_format"], id="no-schema"),
    ],
)
def test_what_was_asked_for_and_not_sent_is_on_record(outcomes, case, dropped):
    found = outcomes[case]
    assert found["reply"]["dropped"] == dropped
    assert not set(dropped) & set(found["bodies"][0])


def test_a_reply_that_breaks_its_schema_comes_back_for_us_to_judge(outcomes):
    found = outcomes["schema-violated"]
    assert found["reply"]["text"] == '{"ok": 3}'
    assert len(found["bodies"]) == 1


def test_nothing_of_litellm_s_own_cache_answers_in_place_of_a_server(outcomes):
    assert outcomes["two-servers"] == {"texts": ["a", "b", "c"], "requests": [2, 1]}


def test_every_error_survives_the_way_to_another_process(outcomes):
    failed = {name: one for name, one in outcomes.items() if "error" in one}
    assert len(failed) > 20
    for name, one in failed.items():
        whole = [one[key] for key in ("error", "message", "hint", "cost")]
        assert one["pickled"] == whole, name
    assert outcomes["truncated"]["cost"] == 200


@pytest.mark.parametrize(
    "case, worst, cost, spent",
    [
        pytest.param("price-of-the-table", 45_015, 300, 300, id="table"),
        pytest.param("price-of-the-bare-name", 0, 0, 0, id="set-by-bare-name"),
        pytest.param("price-unknown-but-capped", None, None, 0, id="unknown"),
        pytest.param("no-usage", WORST, None, WORST, id="no-usage-is-not-free"),
    ],
)
def test_what_a_reply_costs(outcomes, case, worst, cost, spent):
    found = outcomes[case]
    assert found["reply"]["cost"] == cost
    assert found["money"] == [["reserve", worst], ["settle", worst, cost]]
    assert found["ledger"]["spent"] == spent


@pytest.mark.parametrize(
    "case, error, said, hint",
    [
        pytest.param(
            "price-unknown", "BudgetError", "unknown", "max_calls", id="price"
        ),
        pytest.param(
            "budget-too-small", "BudgetError", "$0.0200", "budget=", id="budget"
        ),
        pytest.param("no-model", "ConfigError", "no model", "model=", id="no-model"),
        pytest.param(
            "no-provider", "ConfigError", "'nonsense'", "provider/", id="name"
        ),
        pytest.param(
            "no-key", "MissingKeyError", "OPENAI_API_KEY", "replies=replay", id="key"
        ),
        pytest.param(
            *("empty-key", "MissingKeyError", "OPENAI_API_KEY", "replies=replay"),
            id="empty-key",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused_before_anything_is_sent(
    outcomes, case, error, said, hint
):
    found = outcomes[case]
    assert (found["error"], found["bodies"], found["money"]) == (error, [], [])
    assert said in found["message"]
    assert hint in found["hint"]


@pytest.mark.parametrize(
    "case, key",
    [
        pytest.param("key", "Bearer hunter2-and-more", id="from-the-environment"),
        pytest.param("no-key-needed", "Bearer none", id="own-server-needs-none"),
        pytest.param(
            "empty-key-where-none-is-needed", "Bearer none", id="an-empty-one-is-none"
        ),
    ],
)
def test_the_key_that_is_sent(outcomes, case, key):
    assert outcomes[case]["keys"] == [key]


def test_a_key_that_no_header_can_hold_is_said_at_once_and_not_shown(outcomes):
    found = outcomes["key-with-a-line-end"]
    assert (found["error"], found["bodies"], found["pauses"]) == ("ModelError", [], [])
    assert "cannot be sent" in found["message"]
    assert "check the key" in found["hint"]
    assert "hunter2" not in json.dumps(found)
    assert found["ledger"]["spent"] == 0


@pytest.mark.parametrize(
    "case, pauses, charges",
    [
        pytest.param("rate-limit", [2.5, 4.0], [0, 0, 200], id="retry-after-or-double"),
        pytest.param("rate-limit-by-date", [7.0], [0, 200], id="date"),
        pytest.param("rate-limit-in-the-past", [0.0], [0, 200], id="date-gone-by"),
        pytest.param("rate-limit-nonsense", [2.0], [0, 200], id="no-date-at-all"),
        pytest.param("500", [2.0], [0, 200], id="server-error"),
        pytest.param("529", [2.0], [0, 200], id="overloaded"),
        pytest.param("hang", [2.0], [None, 200], id="a-timeout-may-be-billed"),
        pytest.param("broken-json", [2.0], [None, 200], id="broken-json-may-be-billed"),
    ],
)
def test_a_passing_failure_is_tried_again_after_a_wait(outcomes, case, pauses, charges):
    found = outcomes[case]
    assert found["reply"]["text"] == "x"
    assert found["pauses"] == pauses
    assert len(found["bodies"]) == len(charges)
    assert found["money"] == [
        event
        for charged in charges
        for event in (["reserve", WORST], ["settle", WORST, charged])
    ]
    assert found["ledger"]["reserved"] == 0


def test_each_wait_is_told_in_a_line(outcomes):
    first, second = outcomes["rate-limit"]["talk"]
    limit = "model openai/m: the endpoint is over its rate limit (429)"
    assert first == f"{limit}; waiting 2.5 s, then attempt 2 of 4"
    assert second == f"{limit}; waiting 4 s, then attempt 3 of 4"


@pytest.mark.parametrize(
    "case, requests, spent, said",
    [
        pytest.param("500-for-ever", 4, 0, "(500)", id="server-error"),
        pytest.param("no-retries", 1, 0, "(500)", id="retries-turned-off"),
        pytest.param("empty-body", 4, 4 * WORST, "not the JSON", id="empty-body"),
        pytest.param("no-choices", 4, 4 * 200, "holds no reply", id="no-choices"),
        pytest.param("unreachable", 0, 0, "cannot be reached", id="nobody-there"),
    ],
)
def test_a_lasting_failure_ends_after_the_retries(
    outcomes, case, requests, spent, said
):
    found = outcomes[case]
    assert found["error"] == "ModelError"
    assert said in found["message"]
    assert found["hint"]
    assert len(found["bodies"]) == requests
    assert found["ledger"]["spent"] == spent
    assert found["ledger"]["reserved"] == 0


def test_the_number_of_attempts_is_said(outcomes):
    assert outcomes["500-for-ever"]["message"].endswith("after 4 attempts")
    assert "attempts" not in outcomes["no-retries"]["message"]


def test_a_retry_that_no_longer_fits_the_budget_is_not_made(outcomes):
    found = outcomes["budget-gone-while-retrying"]
    assert found["error"] == "BudgetError"
    assert len(found["bodies"]) == 2
    assert found["ledger"]["spent"] == 2 * WORST


@pytest.mark.parametrize(
    "case, error, spent, said",
    [
        pytest.param("truncated", "TruncatedError", 200, "max_tokens", id="truncated"),
        pytest.param("refused", "RefusedError", 200, "declined", id="refused"),
        pytest.param("filtered", "RefusedError", 200, "declined", id="filtered"),
        pytest.param("policy", "RefusedError", 0, "declined", id="policy"),
        pytest.param("overflow", "ContextOverflowError", 0, "too long", id="overflow"),
        pytest.param(
            "overflow-in-other-words", "ContextOverflowError", 0, "too long", id="words"
        ),
        pytest.param("too-large", "ContextOverflowError", 0, "too long", id="413"),
        pytest.param("quota", "ModelError", 0, "quota", id="quota"),
        pytest.param("rate-limit-for-an-hour", "ModelError", 0, "3600 s", id="hour"),
        pytest.param("503-for-an-hour", "ModelError", 0, "(503)", id="hour-of-503"),
        pytest.param("401", "ModelError", 0, "(401)", id="401"),
        pytest.param("404", "ModelError", 0, "(404)", id="404"),
        pytest.param("422", "ModelError", 0, "(422)", id="422"),
    ],
)
def test_what_another_attempt_cannot_mend_is_asked_once(
    outcomes, case, error, spent, said
):
    found = outcomes[case]
    assert found["error"] == error
    assert said in found["message"]
    assert found["hint"]
    assert (len(found["bodies"]), found["pauses"]) == (1, [])
    assert found["ledger"] == DONE | {"spent": spent, "calls": 1}


def test_the_endpoint_s_words_are_quoted_without_secrets_and_not_at_length(outcomes):
    assert outcomes["401"]["message"].endswith("wrong key [redacted:OPENAI_API_KEY]")
    assert len(outcomes["422"]["message"]) < 450
    assert outcomes["422"]["message"].endswith("…")


def test_importing_the_adapters_imports_no_client_library():
    program = (
        "import sys\n"
        "from pdd_tasks.adapters.models import failure, litellm_model, purse\n"
        "from pdd_tasks.adapters.models import price, reply_cache\n"
        "heavy = {'litellm', 'openai', 'httpx', 'aiohttp', 'http.client', 'asyncio'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
