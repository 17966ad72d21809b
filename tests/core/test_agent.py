import pytest

from pdd_tasks.core.model.agent import AGENTS, agent_of
from pdd_tasks.core.model.settings import CommandForm, CommandReply, ModelSettings
from pdd_tasks.core.prompt.printed_reply import is_path
from pdd_tasks.errors import ConfigError


def test_a_command_must_be_named():
    with pytest.raises(ConfigError) as refused:
        agent_of(ModelSettings())
    assert "claude, codex, gemini" in refused.value.hint


@pytest.mark.parametrize("name", AGENTS)
def test_every_preset_can_be_run_read_and_told_apart(name):
    agent = AGENTS[name]
    words = agent.arguments("m")
    assert words[0] == agent.program == agent.version[0] == name == agent.name
    assert words[-2:] == ["--model", "m"]
    assert "{model}" not in agent.arguments("")
    reply = agent.reply
    paths = (reply.prompt_tokens, reply.completion_tokens, reply.cost, reply.failed)
    assert is_path(reply.text)
    assert all(is_path(one) for one in paths if one)
    assert agent.environment


def test_a_preset_alone_is_enough():
    assert agent_of(ModelSettings(agent="codex")) == AGENTS["codex"]


def test_settings_outdo_a_preset_part_by_part():
    where = CommandReply(form=CommandForm.JSON, text="a")
    agent = agent_of(
        ModelSettings(
            agent="claude",
            command=("mine", "-p"),
            command_version=("mine", "-V"),
            command_environment=("MINE",),
            command_reply=where,
        )
    )
    assert agent.arguments("m") == ["mine", "-p"]
    assert (agent.version, agent.reply) == (("mine", "-V"), where)
    assert agent.environment == (*AGENTS["claude"].environment, "MINE")


def test_a_program_without_a_version_is_told_apart_by_its_words():
    one, other = (agent_of(ModelSettings(command=("tools/ask", word))) for word in "ab")
    assert one.name.startswith("ask-")
    assert one.name != other.name
    known = ModelSettings(command=("/opt/x/ask", "a"), command_version=("ask", "-V"))
    assert agent_of(known).name == "ask"


def test_a_command_that_names_the_model_needs_one():
    agent = agent_of(ModelSettings(command=("ask", "-m", "{model}")))
    assert agent.arguments("m") == ["ask", "-m", "m"]
    with pytest.raises(ConfigError, match="no model is chosen"):
        agent.arguments("")


def test_a_limit_of_cost_is_handed_over_in_dollars():
    agent = agent_of(ModelSettings(command=("ask", "--most={cost}")))
    said = [agent.arguments("", cost)[1] for cost in (500_000, 2_000_000, 1, 0)]
    assert said == ["--most=0.5", "--most=2", "--most=0.000001", "--most=0"]
    with pytest.raises(ConfigError, match="no cost is chosen"):
        agent.arguments("")


def test_a_limit_of_cost_that_a_program_does_not_take_is_refused():
    with pytest.raises(ConfigError) as refused:
        AGENTS["codex"].arguments("", 500_000)
    assert "nothing would hold it" in refused.value.message
    assert "max_calls" in refused.value.hint
