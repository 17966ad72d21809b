from dataclasses import replace

from pdd_tasks.adapters.models.outgoing import Outgoing
from pdd_tasks.core.prompt.redact import Redactor
from pdd_tasks.core.prompt.request import Message, Reply, Request


SECRET = "planted-7f3a9c51"  # noqa: S105 - nobody's


class Answers:
    def __init__(self):
        self.asked = []

    def complete(self, request):
        self.asked.append(request)
        return Reply(text="yes", model="m")


def request(text):
    return Request(
        kind="generate",
        template="generate@1",
        endpoint="e",
        model="m",
        messages=(Message("system", "be good"), Message("user", text)),
        max_tokens=1,
    )


def test_a_request_with_a_secret_is_warned_about_and_sent_as_it_is():
    inner = Answers()
    said: list[str] = []
    model = Outgoing(inner, Redactor.of({"MY_KEY": SECRET}), said.append)
    assert model.complete(request(f"use {SECRET}")).text == "yes"
    assert inner.asked == [request(f"use {SECRET}")]
    assert len(said) == 1
    assert "the value of MY_KEY is in a request to m" in said[0]
    assert SECRET not in said[0]


def test_a_program_that_names_no_model_is_warned_of_by_its_endpoint():
    said: list[str] = []
    model = Outgoing(Answers(), Redactor.of({"MY_KEY": SECRET}), said.append)
    model.complete(replace(request(SECRET), model=""))
    assert "is in a request to e and is sent as it is" in said[0]


def test_a_request_without_a_secret_is_not_spoken_of():
    inner = Answers()
    said: list[str] = []
    Outgoing(inner, Redactor.of({"MY_KEY": SECRET}), said.append).complete(request("x"))
    assert said == []
    assert len(inner.asked) == 1
