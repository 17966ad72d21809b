"""Asks a loopback server through litellm, case by case, and prints what happened.

A program of its own: importing litellm costs seconds and warns. Prints one JSON object:
case → what was asked, answered, paid, said and waited.
"""

import gc
import json
import os
import pickle
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from model_server import (
    Answer,
    BrokenJson,
    EmptyBody,
    Hang,
    ModelServer,
    Say,
    Status,
    Truncated,
)
from remembering_till import RememberingTill

from pdd_tasks.adapters.models.litellm_library import library
from pdd_tasks.adapters.models.litellm_model import LiteLlmModel
from pdd_tasks.core.model.ledger import Ledger
from pdd_tasks.core.model.settings import ModelSettings, Price
from pdd_tasks.core.prompt.redact import Redactor
from pdd_tasks.core.prompt.request import Message, Reply, Request
from pdd_tasks.errors import PddError


MODEL = "openai/m"
PRICES = {MODEL: Price(input=1_000_000, output=2_000_000)}
SECRET = "hunter2-and-more"  # noqa: S105 - nobody's
LIMIT = "Mon, 01 Jan 2024 00:00:{:02} GMT"
SCHEMA = json.dumps({"type": "object", "properties": {"ok": {"type": "boolean"}}})
TOO_LONG = (
    "This model's maximum context length is 8192 tokens. "
    "However, your messages resulted in 9000 tokens."
)


@dataclass(frozen=True, kw_only=True)
class Case:
    script: Sequence[Answer] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    request: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    budget: int = 1_000_000
    max_calls: int | None = None


CASES = {
    "answer": Case(script=[Say("def f(): ...\n")]),
    "text-is-exact": Case(script=[Say("  a\r\n\tb ü\n\n")]),
    "half-a-character": Case(script=[Say("a\ud800b")]),
    "no-usage": Case(script=[Say("x", None)]),
    "no-content": Case(script=[Say(None)]),
    "secret-in-reply": Case(script=[Say(f"x = '{SECRET}'")]),
    "no-temperature": Case(script=[Say("x")], request={"temperature": None}),
    "temperature-not-supported": Case(
        script=[Say("x")], request={"model": "openai/gpt-5-mini"}
    ),
    "schema": Case(
        script=[Say("{}")], request={"model": "openai/gpt-5.4-mini", "schema": SCHEMA}
    ),
    "schema-violated": Case(
        script=[Say('{"ok": 3}')],
        request={"model": "openai/gpt-5.4-mini", "schema": SCHEMA},
    ),
    "schema-not-supported": Case(script=[Say("{}")], request={"schema": SCHEMA}),
    "price-of-the-table": Case(
        script=[Say("x")], request={"model": "openai/gpt-5.4-mini"}
    ),
    "price-of-the-bare-name": Case(
        script=[Say("x")], settings={"prices": {"m": Price(input=0, output=0)}}
    ),
    "price-unknown": Case(script=[Say("x")], settings={"prices": {}}),
    "price-unknown-but-capped": Case(
        script=[Say("x")], settings={"prices": {}}, max_calls=1
    ),
    "budget-too-small": Case(script=[Say("x")], budget=10_000),
    "budget-gone-while-retrying": Case(script=[BrokenJson()] * 4, budget=50_000),
    "no-model": Case(request={"model": ""}),
    "no-provider": Case(request={"model": "nonsense"}),
    "no-key": Case(settings={"api_base": ""}),
    "no-key-needed": Case(script=[Say("x")]),
    "empty-key": Case(settings={"api_base": ""}, environment={"OPENAI_API_KEY": " "}),
    "empty-key-where-none-is-needed": Case(
        script=[Say("x")], environment={"OPENAI_API_KEY": ""}
    ),
    "key-with-a-line-end": Case(environment={"OPENAI_API_KEY": f"{SECRET}\n"}),
    "key": Case(script=[Say("x")], environment={"OPENAI_API_KEY": SECRET}),
    "rate-limit": Case(script=[Status(429, 2.5), Status(429), Say("x")]),
    "rate-limit-by-date": Case(
        script=[Status(429, LIMIT.format(7), date=LIMIT.format(0)), Say("x")]
    ),
    "rate-limit-in-the-past": Case(
        script=[Status(429, LIMIT.format(0), date=LIMIT.format(7)), Say("x")]
    ),
    "rate-limit-nonsense": Case(script=[Status(429, "soon"), Say("x")]),
    "rate-limit-for-an-hour": Case(script=[Status(429, 3600)]),
    "quota": Case(script=[Status(429, message="insufficient_quota")]),
    "500": Case(script=[Status(500), Say("x")]),
    "500-for-ever": Case(script=[Status(500)] * 9),
    "503-for-an-hour": Case(script=[Status(503, 3600)]),
    "529": Case(script=[Status(529), Say("x")]),
    "no-retries": Case(script=[Status(500)] * 2, settings={"retries": 0}),
    "hang": Case(script=[Hang(), Say("x")], settings={"timeout_s": 0.5}),
    "unreachable": Case(settings={"api_base": "http://127.0.0.1:9/v1", "retries": 1}),
    "broken-json": Case(script=[BrokenJson(), Say("x")]),
    "empty-body": Case(script=[EmptyBody()] * 4),
    "no-choices": Case(script=[Say("x", choices=0)] * 4),
    "truncated": Case(script=[Truncated("def f(")]),
    "refused": Case(script=[Say(None, refusal="I cannot help with that")]),
    "filtered": Case(script=[Say("x", finish="content_filter")]),
    "policy": Case(script=[Status(400, message="content management policy")]),
    "overflow": Case(script=[Status(400, message=TOO_LONG)]),
    "overflow-in-other-words": Case(
        script=[Status(400, message="prompt is too long: 9 > 8")]
    ),
    "too-large": Case(script=[Status(413)]),
    "401": Case(script=[Status(401, message=f"wrong key {SECRET}")]),
    "404": Case(script=[Status(404)]),
    "422": Case(script=[Status(422, message="unknown field " + "x" * 1000)]),
}


def happened(case: Case) -> dict[str, Any]:
    """Return what one case led to."""
    pauses: list[float] = []
    talk: list[str] = []
    till = RememberingTill(Ledger(budget=case.budget, max_calls=case.max_calls))
    with ModelServer(case.script) as server:
        settings = {"model": MODEL, "prices": PRICES, "api_base": server.url}
        model = LiteLlmModel(
            ModelSettings(**(settings | dict(case.settings))),
            till,
            Redactor.of({"OPENAI_API_KEY": SECRET}),
            tell=talk.append,
            pause=pauses.append,
        )
        os.environ.update(case.environment)
        outcome = answered(model, case)
        for name in case.environment:
            del os.environ[name]
        return outcome | {
            "bodies": server.requests,
            "keys": server.authorizations,
            "pauses": pauses,
            "talk": talk,
            "money": till.events,
            "charges": [asdict(charge) for charge, _ in till.passed],
            "bills": [asdict(bill) for _, bill in till.passed],
            "ledger": _plain(till.purse.ledger()),
        }


def _plain(ledger: Ledger) -> dict[str, Any]:
    return {n: v for n, v in asdict(ledger).items() if n != "begun"}


def answered(model: LiteLlmModel, case: Case) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "kind": "generate",
        "template": "generate@1",
        "endpoint": "loopback",
        "model": MODEL,
        "messages": (Message("system", "s"), Message("user", "u")),
        "max_tokens": 10_000,
    }
    request = Request(**(fields | dict(case.request)))
    try:
        reply: Reply = model.complete(request)
    except PddError as error:
        kind = type(error).__name__
        again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
        return {
            "error": kind,
            "message": error.message,
            "hint": error.hint,
            "cost": getattr(error, "cost", None),
            "pickled": [
                type(again).__name__,
                again.message,
                again.hint,
                getattr(again, "cost", None),
            ],
        }
    return {"reply": asdict(reply)}


def asked_of_two() -> dict[str, Any]:
    """Return what two servers with a model of one name answer, each asked twice."""
    with ModelServer([Say("a"), Say("b")]) as one, ModelServer([Say("c")]) as other:
        texts = [
            happened(Case(settings={"api_base": server.url}))["reply"]["text"]
            for server in (one, one, other)
        ]
        return {"texts": texts, "requests": [len(one.requests), len(other.requests)]}


def loaded_by_many() -> dict[str, Any]:
    """Return what comes of many threads that want the library at once."""
    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(library) for _ in range(8)]
        found = {id(one.result()) for one in asked}
    return {
        "modules": len(found),
        "searches": gc.isenabled(),
        "left_out": gc.get_freeze_count() > 100_000,
    }


def main() -> None:
    hosts: set[str] = set()

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.connect" and isinstance(arguments[1], tuple):
            hosts.add(str(arguments[1][0]))
        elif event == "socket.getaddrinfo":
            hosts.add(str(arguments[0]))

    sys.addaudithook(watch)
    early = "litellm" in sys.modules
    loaded = loaded_by_many()
    results = {name: happened(case) for name, case in CASES.items()}
    results["two-servers"] = asked_of_two()
    results["process"] = {
        "early": early,
        "loaded": loaded,
        "hosts": sorted(hosts),
        "dotenv": os.environ.get("PDD_FROM_DOTENV"),
    }
    Path(sys.argv[1]).write_text(json.dumps(results), encoding="utf-8")


if __name__ == "__main__":
    main()
