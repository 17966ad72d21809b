"""A program that answers requests: an agent's command line, or any other.

Rule 1: it gets the request on its standard input, which ends there, and runs in an
empty folder with the variables that are named for it, until its time is over. Rule 2:
what it costs is what it says, or what its price makes of its usage; else it is
unknown, which is never zero. Rule 3: it is asked once: whether it tried again itself,
or was paid for an answer that did not come, nobody knows. Rule 4: what it may cost is
unknown, too, since it may ask a model as often as it likes: only a limit that it is
told to hold, or a price of nothing, is a worst case.
"""

import math
import os
import shlex
import shutil
import tempfile
from pathlib import Path
from typing import Final

from pdd_tasks.adapters.models.failure import shortened
from pdd_tasks.adapters.models.payment import Till
from pdd_tasks.adapters.models.price import amount
from pdd_tasks.adapters.processes import Finished, child_environment, run
from pdd_tasks.core.model.agent import Agent, agent_of
from pdd_tasks.core.model.settings import ModelSettings, Price
from pdd_tasks.core.model.spending import Bill, Charge
from pdd_tasks.core.prompt.printed_reply import PrintedReply, printed_reply
from pdd_tasks.core.prompt.redact import Redactor
from pdd_tasks.core.prompt.request import Reply, Request
from pdd_tasks.core.prompt.transcript import transcript
from pdd_tasks.errors import ConfigError, ModelError


OUTPUT_LIMIT: Final = 16_000_000  # bytes; an agent tells of all it did

_VERSION_S: Final = 20.0
_VERSION_LIMIT: Final = 10_000
_VERSION_CHARS: Final = 60
_TOKEN: Final = 2.0  # characters, at the least, of code and prose; most have 3 to 4


class CommandModel:
    """Asks a program, once for each request."""

    def __init__(
        self,
        root: Path,
        settings: ModelSettings,
        till: Till,
        redactor: Redactor,
        *,
        output_limit: int = OUTPUT_LIMIT,
    ) -> None:
        self._program = Program(root, agent_of(settings))
        self._settings = settings
        self._till = till
        self._redactor = redactor
        self._limit = output_limit

    def complete(self, request: Request) -> Reply:
        """Return the reply to a request.

        Raises:
            ConfigError: If the program is not there, or cannot be told the model or
                the cost that it is to hold.
            ModelError: If it fails, takes too long, or says nothing that can be read.
            BudgetError: If its worst case does not fit the ledger, or is unknown, and
                no number of calls caps it.
        """
        agent, settings = self._program.agent, self._settings
        words = agent.arguments(settings.model, settings.command_max_cost)
        command = self._program.command(words)
        price, text = self._price(), transcript(request)
        charge = self._charge(request, text, price)
        with self._till.paid(charge) as passage:
            passage.bill = Bill(cost=_unsaid(charge, price, request))
            ended = self._program.run(command, text, settings.timeout_s, self._limit)
            said = self._said(ended)
            charged = _charged(said, price)
            passage.bill = Bill(
                cost=passage.bill.cost if charged is None else charged,
                tokens_in=said.prompt_tokens,
                tokens_out=said.completion_tokens,
            )
            return self._reply(ended, said, charged)

    def _charge(self, request: Request, text: str, price: Price | None) -> Charge:
        free = price is not None and not price.input and not price.output
        limit = self._settings.command_max_cost
        return Charge(
            kind=request.kind,
            model=f"{request.endpoint} {request.model}",
            worst=0 if free else limit,
            tokens=math.ceil(len(text) / _TOKEN) + request.max_tokens,
            characters=sum(len(message.content) for message in request.messages),
        )

    def _price(self) -> Price | None:
        prices = self._settings.prices
        names = (self._settings.model, self._program.agent.name)
        return next((prices[name] for name in names if name in prices), None)

    def _said(self, ended: Finished) -> PrintedReply:
        """Return what it said; of one that failed only what can be read.

        Raises:
            ModelError: If it did not fail, and yet cannot be read.
        """
        agent = self._program.agent
        if ended.timed_out:
            raise ModelError(
                f"{agent.name} did not answer in {self._settings.timeout_s:g} s",
                hint="raise model_timeout in .pddrc, or try again later",
            )
        if len(ended.output) > self._limit:
            raise ModelError(
                f"{agent.name} printed more than {self._limit} bytes",
                hint="make it print its reply only",
            )
        try:
            text = ended.output.decode(errors="replace")
            return printed_reply(text, agent.reply)
        except ModelError as error:
            if ended.exit_code:
                return PrintedReply(text=None)
            raise ModelError(
                f"{agent.name}: {error.message}", hint=error.hint
            ) from None

    def _reply(self, ended: Finished, said: PrintedReply, charged: int | None) -> Reply:
        agent = self._program.agent
        if ended.exit_code or said.failed or said.text is None:
            raise self._failure(ended, said)
        return Reply(
            text=self._redactor.reply(said.text),
            model=self._redactor.text(said.model or self._settings.model or agent.name),
            prompt_tokens=said.prompt_tokens,
            completion_tokens=said.completion_tokens,
            cost=charged,
        )

    def _failure(self, ended: Finished, said: PrintedReply) -> ModelError:
        name = self._program.agent.name
        words = said.failed or _last_line(ended.errors) or _last_line(ended.output)
        what = f"{name} ended with exit code {ended.exit_code}"
        if not ended.exit_code:
            what = f"{name} failed" if said.failed else f"{name} gave no reply"
            words = said.failed
        told = shortened(self._redactor.text(words))
        settings = self._settings
        run_as = self._program.agent.arguments(
            settings.model, settings.command_max_cost
        )
        typed = self._redactor.text(shlex.join(run_as))
        hint = f"run `{typed}` by hand to see whether it is signed in and answers"
        return ModelError(f"{what}: {told}" if told else what, hint=hint)


class Program:
    """A program of the settings, and how it is started.

    Attributes:
        agent: What is known of it.
    """

    def __init__(self, root: Path, agent: Agent) -> None:
        self.agent = agent
        self._root = root.absolute()

    def endpoint(self) -> str:
        """Return the program's name with its version, as request keys have it.

        Raises:
            ConfigError: If it does not say its version.
        """
        agent = self.agent
        if not agent.version:
            return f"command:{agent.name}"
        command = self.command(list(agent.version))
        ended = self.run(command, "", _VERSION_S, _VERSION_LIMIT)
        said = ended.output.decode(errors="replace").strip().partition("\n")[0]
        version = "".join(sign for sign in said if sign.isprintable())
        if ended.exit_code or ended.timed_out or not version:
            raise ConfigError(
                f"`{' '.join(agent.version)}` does not say a version",
                hint="correct command_version, or name the endpoint that recordings"
                " are for, for example endpoint=claude-2",
            )
        return f"command:{agent.name}@{version[:_VERSION_CHARS]}"

    def command(self, words: list[str]) -> list[str]:
        """Return what starts a program; one with a ``/`` is that of the project.

        Args:
            words: The program and its arguments; ``{root}`` in them is the project.

        Raises:
            ConfigError: If there is no such program.
        """
        program, *rest = [word.replace("{root}", str(self._root)) for word in words]
        if "/" in program:
            program = str(self._root / program)
        if shutil.which(program, path=self._environment().get("PATH")) is None:
            raise ConfigError(
                f"there is no program {words[0]!r} to ask",
                hint="install it, or correct agent or command; with endpoint set, what"
                " is recorded needs no program",
            )
        return [program, *rest]

    def run(
        self, command: list[str], text: str, timeout_s: float, limit: int
    ) -> Finished:
        """Return how it ended, in an empty folder, with a text to read.

        Raises:
            RunError: If it cannot be started, or the run was interrupted.
        """
        with tempfile.TemporaryDirectory(prefix="pdd-") as folder:
            return run(
                command,
                cwd=Path(os.path.realpath(folder)),
                environment=self._environment(),
                timeout_s=timeout_s,
                output_limit_bytes=limit,
                given=text.encode(errors="replace"),
            )

    def _environment(self) -> dict[str, str]:
        return child_environment(self.agent.environment, {})


def _unsaid(charge: Charge, price: Price | None, request: Request) -> int | None:
    """Return what counts as spent if the program does not say what it cost.

    That is what the one request would cost at its price; None leaves it to the worst
    case.
    """
    if charge.worst is not None or price is None:
        return None
    return amount(price, charge.tokens - request.max_tokens, request.max_tokens)


def _charged(said: PrintedReply, price: Price | None) -> int | None:
    if said.cost is not None or price is None:
        return said.cost
    if not price.input and not price.output:
        return 0
    if said.prompt_tokens is None or said.completion_tokens is None:
        return None
    return amount(price, said.prompt_tokens, said.completion_tokens)


def _last_line(data: bytes) -> str:
    text = data[-10_000:].decode(errors="replace").strip()
    return text.rpartition("\n")[2].strip()
