"""Asking about the cost of a sync, once for all of its units."""

import subprocess
import sys

import memory_project
import pytest

from pdd_tasks.core.model.settings import Settings
from pdd_tasks.core.plan.facts import Facts
from pdd_tasks.core.plan.plan import plan
from pdd_tasks.errors import ConfigError
from pdd_tasks.plugin.approval import Approval


PLAN = plan(Facts(prompt_changed=True))


def unit(limit):
    return memory_project.unit(settings=Settings(confirm_above=limit))


class World:
    """A world whose person says what was given, and remembers the questions."""

    def __init__(self, *answers):
        self.answers, self.questions = list(answers), []
        self.consent = self

    def confirm(self, question, *, yes):
        assert not yes
        self.questions.append(question)
        answer = self.answers.pop(0)
        if answer is not None:
            raise answer


def approval(*units, cost=50):
    return Approval(lambda: units, lambda _: PLAN, lambda _: cost)


def test_it_is_asked_once_and_no_holds_for_all():
    world, first, second = World(ConfigError("no", hint="")), unit(10), unit(10)
    asked = approval(first, second)
    for one in (first, second):
        with pytest.raises(ConfigError):
            asked.ask(world, one)
    assert len(world.questions) == 1


def test_the_lowest_limit_of_all_units_holds_whoever_is_first():
    world, first, second = World(None), unit(100), unit(1)
    approval(first, second, unit(None)).ask(world, first)
    assert len(world.questions) == 1


def test_what_goes_wrong_while_asking_is_no_yes():
    world, first = World(RuntimeError(), ConfigError("no", hint="")), unit(10)
    asked = approval(first)
    with pytest.raises(RuntimeError):
        asked.ask(world, first)
    with pytest.raises(ConfigError):
        asked.ask(world, first)


ASKS = """
import threading
from pdd_tasks.plugin.confirmation import Confirmation
Confirmation(threading.Event()).confirm("go on?", yes=False)
"""


def test_without_an_input_nobody_can_be_asked():
    said = subprocess.run(
        ["/bin/bash", "-c", 'exec "$0" -c "$1" <&-', sys.executable, ASKS],
        capture_output=True,
        check=False,
        text=True,
    )
    assert (
        "ConfigError: go on?: this wants a yes, and nobody can be asked" in said.stderr
    )
