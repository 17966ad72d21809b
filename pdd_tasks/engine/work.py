"""One operation at work: what it sees, what it asks, and what it leaves behind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Final, TypeVar

from pdd_tasks.core.model.artifact import Artifact, Digest
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.model.trace import Fingerprint, GaveUp, RunReport, StepRecord
from pdd_tasks.core.model.trace_update import given_up, recorded
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.plan.rule import Decision
from pdd_tasks.core.prompt.redact import marks_in
from pdd_tasks.core.prompt.request import Message, Reply, Request
from pdd_tasks.core.prompt.template import Template
from pdd_tasks.engine.encoding import refuse_undecodable
from pdd_tasks.engine.observe import observe
from pdd_tasks.engine.outcome import Spent
from pdd_tasks.engine.ports import Model
from pdd_tasks.engine.view import View
from pdd_tasks.engine.world import World
from pdd_tasks.errors import AnsweredError, PddError, ReplyError


T = TypeVar("T")
NO_FILES: Final[Mapping[PurePosixPath, bytes]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What an operation leaves behind, published all or nothing.

    Attributes:
        files: Path → new bytes of artifacts.
        trace: The next fingerprint.
        report: The next run report; None if nothing ran.
        notes: Lines for people.
        failure: Raised after everything was published; None if all went well.
    """

    files: Mapping[PurePosixPath, bytes] = field(default_factory=dict)
    trace: Fingerprint
    report: RunReport | None = None
    notes: tuple[str, ...] = ()
    failure: PddError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One operation at work.

    Attributes:
        world: The ports.
        view: The unit as it stands.
        decision: What was decided, and why.
        spent: What it has spent so far.
    """

    world: World
    view: View
    decision: Decision
    spent: Spent

    @property
    def unit(self) -> DevUnit:
        """The unit."""
        return self.view.unit

    @property
    def attempts(self) -> int:
        """How often its loop may try."""
        settings = self.unit.settings
        part = settings.profile.part(self.decision.step)
        return part.attempts or settings.max_attempts

    @property
    def may_ask(self) -> bool:
        """True while attempts are left."""
        return self.spent.calls < self.attempts

    def ask(
        self,
        kind: str,
        values: Mapping[str, str],
        parse: Callable[[str], T],
        *,
        schema: str = "",
        template: str = "",
    ) -> T:
        """Ask a model until its reply can be used, while attempts are left.

        Every reply counts as one attempt of the operation.

        Args:
            kind: The folder replies are recorded in.
            values: What fills the template's places.
            parse: Turns a reply into a value, or raises ReplyError.
            schema: JSON schema of the reply; empty for text.
            template: Name of the template; empty if it is called like the kind.

        Returns:
            What `parse` made of the first reply that can be used.

        Raises:
            ConfigError: If the unit's formatter cannot be started, or a file that
                is shown is not UTF-8.
            ReplyError: If none of the replies can be used.
            RunError: If a tool is missing that runs what is asked for.
        """
        self.world.formatter.check(self.unit)  # before anything is paid for
        if self.unit.language.runner:
            self.world.runner.check(self.unit)
        chosen = Template.parse(self.world.template(template or kind))
        messages = chosen.render(values)
        refuse_undecodable(self.view, (message.content for message in messages))
        return self._asked(self._request(kind, chosen.name, messages, schema), parse)

    def _asked(self, request: Request, parse: Callable[[str], T]) -> T:
        """Return what the first reply comes to that can be used.

        Raises:
            ReplyError: If there is none while attempts are left.
        """
        sent = marks_in("\n".join(message.content for message in request.messages))
        model = self.world.model(self.unit)
        last = ReplyError("nothing was asked")
        while self.may_ask:
            reply = self._completed(model, request)
            try:
                _refuse_secrets(reply.text, sent)
                return parse(reply.text)
            except ReplyError as error:
                last = error
                model.reject(request, error.message)
                said = _objection(reply.text, error.message)
                request = replace(request, messages=(*request.messages, *said))
        msg = (
            f"no usable reply in {self.spent.calls} attempts; the last: {last.message}"
        )
        raise ReplyError(msg)

    def _completed(self, model: Model, request: Request) -> Reply:
        self.world.locks.beat(self.unit.id)  # whoever lost the lock need not pay
        try:
            reply = model.complete(request)
        except AnsweredError as error:
            self.spent.add_call(error.cost)
            raise
        self.spent.add(reply)
        self.world.locks.beat(self.unit.id)
        return reply

    def _request(
        self, kind: str, template: str, messages: tuple[Message, ...], schema: str
    ) -> Request:
        settings = self.unit.settings.model
        return Request(
            kind=kind,
            template=template,
            endpoint=settings.endpoint or settings.model.partition("/")[0],
            model=settings.model,
            messages=messages,
            max_tokens=settings.max_tokens,
            temperature=settings.temperature,
            schema=schema,
            sample=self._sample(),
        )

    def _sample(self) -> int:
        """Return which draw a request asks for: a retry in the very state is new."""
        given = self._surrendered()
        return given.attempts if given else 0

    def after(self, files: Mapping[PurePosixPath, bytes]) -> View:
        """Return the unit as it will stand with these files published.

        Everything else counts as it was read before the work began: what a person
        saves meanwhile is seen by the next look, never recorded as done.
        """
        return observe(self.world, self.unit, {**self.view.seen, **files})

    def with_record(
        self,
        trace: Fingerprint,
        step: Step,
        after: View,
        *,
        outputs: Mapping[str, Digest] | None = None,
        context: Mapping[str, str] | None = None,
    ) -> Fingerprint:
        """Return the fingerprint with a step recorded as done for what stands after.

        Args:
            trace: The fingerprint so far.
            step: The step that is proven to be current.
            after: The unit as it will stand.
            outputs: Path → digest of what it leaves; None keeps those on record.
            context: What else it read; None keeps what is on record.
        """
        old = trace.steps.get(step, StepRecord())
        record = StepRecord(
            triggers=after.triggers[step],
            context=old.context if context is None else context,
            outputs=old.outputs if outputs is None else outputs,
            model=self.spent.model if step is self.decision.step else old.model,
            at=self.world.clock.now(),
            replies=self._replies(old) if step is self.decision.step else old.replies,
        )
        after_all = recorded(trace, step, record)
        return replace(after_all, stale=after_all.stale | self._unanswered(trace, step))

    def _replies(self, old: StepRecord) -> tuple[str, ...]:
        """Return the keys of what the step's own work was made from.

        Where nothing was asked, what is on record stands; where the very state was
        given up before, a replay walks through those attempts first.
        """
        before = self._surrendered()
        if not self.spent.replies:
            return old.replies
        return (*(before.replies if before else ()), *self.spent.replies)

    def _surrendered(self) -> GaveUp | None:
        """Return the record that the step gave up in its present state."""
        step = self.decision.step
        given = self.view.trace.gave_up.get(step)
        now = self.view.triggers[step]
        if given is None or self.view.upstream.changed(given.triggers, now):
            return None
        return given

    def _unanswered(self, trace: Fingerprint, step: Step) -> frozenset[Step]:
        """Return the step if it was forgotten and its record is only a by-product."""
        own = step is self.decision.step or self.decision.operation is Operation.ADOPT
        return frozenset() if own else trace.stale & {step}

    def with_surrender(
        self, trace: Fingerprint, after: View, because: str, attempts: int
    ) -> Fingerprint:
        """Return the fingerprint with the step's present state marked as hopeless."""
        step = self.decision.step
        before = trace.gave_up.get(step)
        state = GaveUp(
            triggers=after.triggers[step],
            attempts=attempts + (before.attempts if before else 0),
            because=because,
            replies=(*(before.replies if before else ()), *self.spent.replies),
        )
        return given_up(trace, step, state)

    def keep(self, artifact: Artifact) -> None:
        """Keep the present bytes of an artifact, so that later looks can compare."""
        for data in self.view.contents(artifact).values():
            self.world.baselines.keep(data)


def _refuse_secrets(text: str, sent: frozenset[str]) -> None:
    """Refuse a reply that held a secret before it was recorded.

    The marks that stand in its place decide, so that a replay decides the same.

    Args:
        text: The reply.
        sent: Marks that the request itself has.

    Raises:
        ReplyError: If there is a mark that nobody sent.
    """
    held = sorted(mark for mark in marks_in(text) - sent if "#" in mark)
    if held:
        name = held[0].removeprefix("[redacted:").partition("#")[0]
        msg = f"the reply holds the value of {name}, which must not be written down"
        raise ReplyError(msg)


def _objection(said: str, because: str) -> tuple[Message, Message]:
    wish = f"Your reply cannot be used: {because}. Reply again, in full, as asked."
    return Message("assistant", said), Message("user", wish)


def with_outputs(
    trace: Fingerprint, step: Step, outputs: Mapping[str, Digest]
) -> Fingerprint:
    """Return the fingerprint with other outputs of a step, its triggers as they are."""
    record = replace(trace.steps[step], outputs=outputs)
    return replace(trace, steps={**trace.steps, step: record})
