"""The models of one project's units, by their settings.

It is imported when a model is asked: a run that has nothing to do asks none.
"""

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pdd_tasks.adapters.models.addressed import Addressed
from pdd_tasks.adapters.models.outgoing import Inner, Outgoing
from pdd_tasks.adapters.models.reply_cache import ReplyCache, Surroundings
from pdd_tasks.adapters.models.reply_layer import Layer
from pdd_tasks.adapters.models.reply_log import ReplyLog
from pdd_tasks.adapters.models.single_flight import SingleFlight
from pdd_tasks.adapters.models.till import Till
from pdd_tasks.core.model.agent import Agent, agent_of
from pdd_tasks.core.model.settings import ModelSettings, Provider
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.prompt.redact import Redactor
from pdd_tasks.engine.ports import Clock, Model
from pdd_tasks.plugin.redaction import Redaction
from pdd_tasks.plugin.sharing import is_written, layers


@dataclass(frozen=True, kw_only=True)
class Models:
    """Makes the models of one project's units.

    Attributes:
        root: The project's state root.
        till: Returns where a unit pays.
        clock: Says when a reply was recorded.
        say: Tells people one line now.
        announce: The same, each line once a run.
        redaction: Redacts what is written and said.
    """

    root: Path
    till: Callable[[DevUnit], Till]
    clock: Clock
    say: Callable[[str], None]
    announce: Callable[[str], None]
    redaction: Redaction
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _endpoints: dict[Agent, str] = field(default_factory=dict)
    _layers: dict[tuple[bool, str, bool], tuple[Layer, ...]] = field(
        default_factory=dict
    )

    def of(self, unit: DevUnit) -> Model:
        """Return the model that a unit's settings ask for."""
        settings = unit.settings.model
        redactor = self.redaction.redactor(self.root)
        model = ReplyCache(
            self.root,
            settings,
            Outgoing(self.live(unit), redactor, self.announce),
            redactor,
            now=self.clock.now,
            around=self._around(unit),
        )
        if settings.endpoint or settings.provider is Provider.LITELLM:
            return model
        return Addressed(model, lambda: self._endpoint(settings))

    def _around(self, unit: DevUnit) -> Surroundings:
        return Surroundings(
            unit=str(unit.id),
            layers=self._shared(unit.settings.model),
            alone=SingleFlight(self.till(unit).pause),
            announce=self.announce,
            note=ReplyLog(self.root).note,
        )

    def _shared(self, settings: ModelSettings) -> tuple[Layer, ...]:
        """Return where else replies are kept; made once, since it may be down."""
        writes = is_written(settings.cache_write, os.environ)
        terms = (settings.cache_user, settings.cache_remote, writes)
        with self._lock:
            if terms not in self._layers:
                self._layers[terms] = layers(*terms, os.environ, self.announce)
            return self._layers[terms]

    def live(self, unit: DevUnit) -> Inner:
        """Return who answers where nothing is recorded."""
        settings = unit.settings.model
        redactor = self.redaction.redactor(self.root)
        match settings.provider:
            case Provider.COMMAND:
                return self._command(unit, redactor)
            case Provider.MANUAL:
                from pdd_tasks.adapters.models.manual_model import ManualModel

                return ManualModel(self.root, str(unit.id), redactor)
            case Provider.LITELLM:
                return self._litellm(unit, redactor)

    def _litellm(self, unit: DevUnit, redactor: Redactor) -> Inner:
        from pdd_tasks.adapters.models.litellm_model import LiteLlmModel

        till = self.till(unit)
        settings = unit.settings.model
        return LiteLlmModel(settings, till, redactor, tell=self.say, pause=till.pause)

    def _command(self, unit: DevUnit, redactor: Redactor) -> Inner:
        from pdd_tasks.adapters.models.command_model import CommandModel

        till, settings = self.till(unit), unit.settings.model
        return CommandModel(self.root, settings, till, redactor)

    def _endpoint(self, settings: ModelSettings) -> str:
        """Return the name of an endpoint; a program is asked for its version once."""
        if settings.provider is Provider.MANUAL:
            return "manual"
        from pdd_tasks.adapters.models.command_model import Program

        agent = agent_of(settings)
        with self._lock:
            if agent not in self._endpoints:
                self._endpoints[agent] = Program(self.root, agent).endpoint()
            return self._endpoints[agent]
