"""Programs that answer requests: what is known of some, and what the settings say.

Rule 1: a preset is data; what it holds, the settings can say of any other program.
Rule 2: the name of a program in request keys is the same on every machine: no path
is in it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Final

from pdd_tasks.core.model.ledger import MICRO
from pdd_tasks.core.model.settings import CommandForm, CommandReply, ModelSettings
from pdd_tasks.errors import ConfigError


_DIGITS: Final = 8
_MODEL: Final = "{model}"
_COST: Final = "{cost}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """A program that reads a request and prints a reply.

    Attributes:
        name: Its name in request keys, with its version.
        command: Its arguments, the program first.
        with_model: Further ones where a model is chosen; ``{model}`` is its name.
        with_cost: Further ones where a reply may only cost so much; ``{cost}`` is
            that in dollars. Empty if the program takes no such limit.
        version: Arguments that make it print its version; empty if none do.
        environment: Names of environment variables that it may see.
        reply: Where the reply stands in what it prints.
    """

    name: str
    command: tuple[str, ...]
    with_model: tuple[str, ...] = ()
    with_cost: tuple[str, ...] = ()
    version: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    reply: CommandReply

    @property
    def program(self) -> str:
        """The program."""
        return self.command[0]

    def arguments(self, model: str, cost: int | None = None) -> list[str]:
        """Return what is run.

        Args:
            model: Name of the model; empty leaves it to the program.
            cost: Micro-dollars that a reply may cost; None if it is not limited.

        Raises:
            ConfigError: If the command names the model or a limit of cost, and there
                is none; if there is such a limit, and the program takes none.
        """
        words = self.command + (self.with_model if model else ())
        words += () if cost is None else self.with_cost
        if not model and _is_named(_MODEL, words):
            raise ConfigError(
                f"the command of {self.name} names {_MODEL}, but no model is chosen",
                hint="choose one, for example model=NAME, or take {model} out",
            )
        if (cost is not None) != _is_named(_COST, words):
            raise self._cost_error(cost)
        limit = "" if cost is None else f"{cost / MICRO:.6f}".rstrip("0").rstrip(".")
        return [word.replace(_MODEL, model).replace(_COST, limit) for word in words]

    def _cost_error(self, cost: int | None) -> ConfigError:
        if cost is None:
            return ConfigError(
                f"the command of {self.name} names {_COST}, but no cost is chosen",
                hint="choose one, for example command_max_cost=0.5, or take {cost} out",
            )
        return ConfigError(
            f"command_max_cost is set, but the command of {self.name} takes no limit"
            " of cost, so that nothing would hold it",
            hint="name {cost} in command where it takes one, or take command_max_cost"
            " out and cap the calls: max_calls=20",
        )


AGENTS: Final[Mapping[str, Agent]] = {
    "claude": Agent(
        name="claude",
        command=("claude", "-p", "--output-format", "json", "--tools", ""),
        with_model=("--model", _MODEL),
        with_cost=("--max-budget-usd", _COST),
        version=("claude", "--version"),
        environment=("ANTHROPIC_API_KEY", "CLAUDE_CODE_OAUTH_TOKEN"),
        reply=CommandReply(
            form=CommandForm.JSON,
            text="result",
            prompt_tokens="usage.input_tokens + usage.cache_creation_input_tokens"
            " + usage.cache_read_input_tokens",
            completion_tokens="usage.output_tokens",
            cost="total_cost_usd",
            failed="is_error",
        ),
    ),
    "codex": Agent(
        name="codex",
        command=(
            *("codex", "exec", "--json", "--ephemeral", "--skip-git-repo-check"),
            *("--sandbox", "read-only"),
        ),
        with_model=("--model", _MODEL),
        version=("codex", "--version"),
        environment=("OPENAI_API_KEY", "CODEX_API_KEY", "CODEX_HOME"),
        reply=CommandReply(
            form=CommandForm.JSONL,
            text="item[type=agent_message].text",
            prompt_tokens="usage.input_tokens",
            completion_tokens="usage.output_tokens",
            failed="error.message",
        ),
    ),
    "gemini": Agent(
        name="gemini",
        command=("gemini", "-p", "", "--output-format", "json"),
        with_model=("--model", _MODEL),
        version=("gemini", "--version"),
        environment=("GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_CLOUD_PROJECT"),
        reply=CommandReply(
            form=CommandForm.JSON,
            text="response",
            prompt_tokens="stats.models.*.tokens.prompt",
            completion_tokens="stats.models.*.tokens.candidates",
            failed="error.message",
        ),
    ),
}
"""Agents with a command line, by the name that the setting ``agent`` gives them."""


def agent_of(settings: ModelSettings) -> Agent:
    """Return the program that some settings ask for.

    Raises:
        ConfigError: If they name none.
    """
    known = AGENTS.get(settings.agent)
    if known is None and not settings.command:
        raise ConfigError(
            "provider is command, but no command is named",
            hint=f"name one of {', '.join(AGENTS)} as agent, or a program as command",
        )
    found = known or _named(settings)
    if settings.command:
        found = replace(found, command=settings.command, with_model=(), with_cost=())
    return replace(
        found,
        version=settings.command_version or found.version,
        environment=(*found.environment, *settings.command_environment),
        reply=settings.command_reply or found.reply,
    )


def _is_named(name: str, words: Sequence[str]) -> bool:
    return any(name in word for word in words)


def _named(settings: ModelSettings) -> Agent:
    """Return an agent for any program; without a version its words tell it apart."""
    name = PurePosixPath(settings.command[0]).name
    if not settings.command_version:
        words = "\0".join(settings.command).encode(errors="surrogateescape")
        name += f"-{hashlib.sha256(words).hexdigest()[:_DIGITS]}"
    return Agent(name=name, command=settings.command, reply=CommandReply())
