"""How far a change of an example goes along a chain of units."""

import json
import re
import shutil
from collections import Counter

import pytest
from calculator_texts import fenced, judged
from model_server import ModelServer, Say, last_user_message
from project import Project
from surface import kind, live


UNIT = re.compile(r"`(?:src|examples)/(u\d+)(?:_example)?\.py`")
SETTINGS = ("profile=quick", "max_calls=1000", "max_attempts=1")


def code(name, *more):
    names = (f"show_{name}", *more)
    return "\n\n\n".join(
        f"def {one}(value: int, *more: int) -> int:\n    return value" for one in names
    )


def example(name, *more):
    names = (f"show_{name}", *more)
    lines = [f"from {name} import {', '.join(names)}", "", ""]
    return "\n".join([*lines, *(f"print({one}(1))" for one in names)])


class Server(ModelServer):
    """Answers for units of a chain.

    Attributes:
        more: Unit → further functions that it has.
    """

    def __init__(self):
        self.more = {}
        super().__init__(self._answer)

    def _answer(self, body):
        name, what = self._asked(body)
        more = self.more.get(name, ())
        made = {"generate": code, "example": example}
        return Say(fenced(made[what](name, *more) + "\n") if what in made else judged())

    @staticmethod
    def _asked(body):
        text = last_user_message(body)
        return UNIT.findall(text.rstrip().rpartition("\n")[2])[0], kind(body)

    def asked(self):
        """Return (unit, kind) → how often it was asked; counts from now on anew."""
        found = Counter(self._asked(body) for body in self.requests)
        self.requests.clear()
        return dict(found)


def prompt(number):
    needed = f"<include>examples/u{number - 1}_example.py</include>\n" if number else ""
    return f"Write the function show_u{number}.\n{needed}"


class Chain:
    """A project of units of which each needs the one before, and its model."""

    def __init__(self, root, server, length):
        self.project, self.server = Project.in_folder(root), server
        self.length = length

    def write(self):
        for number in range(self.length):
            self.project.write(f"prompts/u{number}_python.prompt", prompt(number))

    def sync(self, *words, what="sync"):
        where = live(self.server)
        return self.project.doit(what, *words, *where, *SETTINGS)

    def edit(self, path, old, new):
        text = self.project.read(path)
        assert old in text
        self.project.write(path, text.replace(old, new))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a chain of four units, synced once."""
    root = tmp_path_factory.mktemp("chain") / "project"
    with Server() as server:
        chain = Chain(root, server, 4)
        chain.write()
        said = chain.sync()
        assert said.code == 0, said.text
        assert chain.server.asked() == {
            (f"u{number}", what): 1
            for number in range(4)
            for what in ("generate", "example")
        }
        yield chain


@pytest.fixture
def chain(made, tmp_path):
    shutil.copytree(made.project.root, tmp_path / "project")
    made.server.more.clear()
    made.server.asked()
    return Chain(tmp_path / "project", made.server, 4)


FIRST = "examples/u0_example.py"


def test_a_comment_in_the_first_example_asks_no_model(chain):
    chain.edit(FIRST, "print(", "# It shows it.\nprint(")

    pending = chain.project.pending("u0+", *SETTINGS[:1])
    said = chain.sync()

    assert said.code == 0, said.text
    assert chain.server.asked() == {}
    assert "generate" not in dict(pending)
    files = chain.project.files()
    assert "nothing to do" in chain.sync().out
    assert chain.project.files() == files


def test_a_value_in_the_first_example_asks_no_model(chain):
    chain.edit(FIRST, "(1)", "(2)")

    assert chain.sync().code == 0
    assert chain.server.asked() == {}


def test_an_added_function_is_for_the_direct_dependents_alone(chain):
    chain.server.more["u0"] = ("more_u0",)
    chain.edit("prompts/u0_python.prompt", "show_u0", "show_u0, and more_u0")

    said = chain.sync()

    assert said.code == 0, said.text
    assert chain.server.asked() == {
        ("u0", "generate"): 1,
        ("u0", "example"): 1,
        ("u1", "generate"): 1,
    }
    assert f"{FIRST} (included; additive: +u0.more_u0)" in said.out
    assert "nothing to do" in chain.sync().out


@pytest.mark.slow
def test_a_change_goes_on_while_interfaces_change(chain):
    for name in ("u0", "u1", "u2"):
        chain.server.more[name] = (f"more_{name}",)
    chain.edit("prompts/u0_python.prompt", "show_u0", "show_u0, and more_u0")

    assert chain.sync().code == 0

    assert chain.server.asked() == {
        **{(f"u{n}", what): 1 for n in range(3) for what in ("generate", "example")},
        ("u3", "generate"): 1,
    }


def test_a_project_may_stop_before_a_breaking_change_spreads(chain):
    chain.edit(FIRST, "show_u0(1)", "show_u0(1, 2)")

    assert "included; breaking: ~u0.show_u0" in chain.project.doit("pending", "u1").out
    said = chain.sync("on_breaking=stop", what="sync:u1_python:generate")

    assert said.code == 4, said.text
    assert "what it includes changed in a breaking way" in said.text
    assert "accept_breaking=1" in said.text
    assert chain.server.asked() == {}
    accepting = ("u1", "on_breaking=stop", "accept_breaking=1")
    assert ("generate", "generate") in chain.project.pending(*accepting)


def test_bytes_that_nobody_has_count_as_changed(chain):
    shutil.rmtree(chain.project.root / ".pdd/baseline")
    chain.edit(FIRST, "print(", "# It shows it.\nprint(")

    assert ("generate", "generate") in chain.project.pending("u1")


GRAPH = ".pdd/meta/dependency_graph.json"


def test_which_unit_needs_which_is_recorded(chain):
    assert json.loads(chain.project.read(GRAPH)) == {
        "schema": 1,
        "units": {f"u{n}_python": [f"u{n - 1}_python"] for n in range(1, 4)},
    }


@pytest.mark.parametrize("text", ["<<<<<<< HEAD\n", None])
def test_a_graph_that_is_broken_or_gone_is_made_anew_by_a_run_that_acts(chain, text):
    good = chain.project.read(GRAPH)
    (chain.project.root / GRAPH).unlink()
    if text is not None:
        chain.project.write(GRAPH, text)
    before = chain.project.contents()

    assert chain.project.doit("pending", "--exit-code", "profile=quick").code == 0
    assert chain.project.doit("graph").code == 0
    assert "nothing to do" in chain.sync().out
    assert chain.project.contents() == before

    chain.edit("examples/u3_example.py", "(1)", "(3)")
    assert chain.sync().code == 0
    assert chain.project.read(GRAPH) == good


@pytest.mark.slow
def test_a_chain_of_fifty_units_is_cut_off_where_interfaces_end(tmp_path):
    with Server() as server:
        chain = Chain(tmp_path / "project", server, 50)
        chain.write()
        assert chain.sync().code == 0
        assert sum(server.asked().values()) == 100
        server.more["u0"] = ("more_u0",)
        chain.edit("prompts/u0_python.prompt", "show_u0", "show_u0, and more_u0")
        assert chain.sync().code == 0
        assert server.asked() == {
            ("u0", "generate"): 1,
            ("u0", "example"): 1,
            ("u1", "generate"): 1,
        }
        chain.edit(FIRST, "print(", "# It shows it.\nprint(")
        assert chain.sync().code == 0
        assert server.asked() == {}
