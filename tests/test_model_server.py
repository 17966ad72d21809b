import json
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from model_server import ModelServer, Say, Status, answer_of


def ask(url: str, *messages: str) -> str | int:
    asked = {
        "model": "m",
        "messages": [{"role": "user", "content": m} for m in messages],
    }
    request = Request(  # noqa: S310 - loopback
        f"{url}/chat/completions",
        json.dumps(asked).encode(),
        {"content-type": "application/json"},
    )
    try:
        with urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback
            return str(json.load(answer)["choices"][0]["message"]["content"])
    except HTTPError as error:
        with error:
            return error.code


def test_answers_come_in_order_and_then_none_is_left() -> None:
    with ModelServer([Say("one"), lambda body: Say(body["model"]), Status(429)]) as it:
        assert [ask(it.url, "x") for _ in range(4)] == ["one", "m", 429, 500]
        assert len(it.requests) == 4


def test_an_unknown_form_of_answer_is_refused() -> None:
    with pytest.raises(KeyError):
        answer_of({"shout": "x"})


def test_a_program_answers_by_ordinal_or_by_what_is_asked_and_logs(
    tmp_path: Path,
) -> None:
    script = tmp_path / "script.json"
    script.write_text(
        json.dumps(
            {
                "0": "first",
                "add": [{"status": 429, "retry_after": 1}, {"truncated": "cut"}, "sum"],
                "sub": {"say": "difference", "prompt_tokens": None},
            }
        )
    )
    server_file = Path(__file__).with_name("model_server.py")
    program = [sys.executable, str(server_file), str(script)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as server:
        try:
            word, url = (server.stdout.readline() if server.stdout else "").split()
            asked = ["add", "add", "add", "add", "add", "sub", "other"]
            told = [ask(url, "the rules", question) for question in asked]
        finally:
            server.terminate()
    assert word == "listening"
    assert told == ["first", 429, "cut", "sum", "sum", "difference", 500]
    log = (tmp_path / "script.json.log").read_text().splitlines()
    assert [json.loads(line)["messages"][-1]["content"] for line in log] == asked
