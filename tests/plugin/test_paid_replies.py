"""What a model was paid for is not asked for again, whatever ends a run."""

import json

import pytest
from model_server import Body, ModelServer, Say, last_user_message
from project import Project
from stages import assert_tidy, killed


KINDS = ("generate", "example", "verify", "test")
KEPT = r"^os\.remove .*/\.pdd/cache/"  # a reply's second name: the reply is in place


def recorded_texts(project: Project) -> list[Say]:
    """Return the recorded replies of the calculator, in the order they are asked."""
    texts = []
    for kind in KINDS:
        paths = (project.root / ".pdd/cache" / kind).glob("*.json")
        (text,) = {"\n".join(json.loads(p.read_bytes())["reply"]) for p in paths}
        texts.append(text)
    return [Say(text) for text in texts]


def live(server: ModelServer) -> list[str]:
    return [
        "doit",
        "sync:calculator",
        "replies=live",
        "model=openai/test",
        f"api_base={server.url}",
        "max_calls=50",
    ]


@pytest.mark.slow
def test_no_reply_that_reached_the_cache_is_asked_for_again(tmp_path):
    project = Project.of_example("calculator", tmp_path)
    with ModelServer(recorded_texts(project)) as server:
        for number in range(1, len(KINDS) + 1):
            killed(project, KEPT, *live(server))
            assert len(server.requests) == number
        said = project.doit(*live(server)[1:])
        asked = [last_user_message(body) for body in server.requests]
    assert said.code == 0, said.text
    assert len(asked) == len(set(asked)) == len(KINDS)
    assert_tidy(project)
    assert project.doit("sync:calculator").out.endswith("nothing to do\n")


@pytest.mark.slow
def test_a_prompt_edited_while_a_model_answers_is_asked_with_at_once(tmp_path):
    project = Project.of_example("calculator", tmp_path)
    prompt = "prompts/calculator_python.prompt"
    edited = project.read(prompt) + "\nDivision by zero gives infinity.\n"
    say = recorded_texts(project)[0]

    def edit_and_answer(_: Body) -> Say:
        project.write(prompt, edited)
        return say

    with ModelServer(edit_and_answer) as server:
        words = [*live(server)[2:], "sync:calculator_python:generate"]
        said = project.doit(*words)
        first, second = (last_user_message(body) for body in server.requests)
    assert said.code == 0, said.text
    assert project.read(prompt) == edited
    assert "gives infinity" not in first
    assert "gives infinity" in second
    assert "generate" not in dict(project.pending())
