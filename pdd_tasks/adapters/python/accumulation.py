"""New tests added to a file of old ones, without touching the old.

Rule 1: every line of the old file stays, in its order. Rule 2: nothing new rebinds
a name that the old file binds or uses: the new name is changed, or what needs it is
refused. Rule 3: of the new text only its tests and what they need are taken. Rule 4:
a test that says something else under the id of an old one is refused: it might be
meant in its place.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence

from pdd_tasks.adapters.python.clashes import bindings, clashes, dependents
from pdd_tasks.adapters.python.composition import with_tests
from pdd_tasks.adapters.python.fixtures import ANY, fixtures, given_names
from pdd_tasks.adapters.python.harm import harmful, left_out, module_wide, objection
from pdd_tasks.adapters.python.meaning import meaning, meanings
from pdd_tasks.adapters.python.renaming import distinct, free, renamed, unsafe
from pdd_tasks.adapters.python.tests import (
    UNNAMED,
    found,
    is_test_class,
    tests,
    without_tests,
)
from pdd_tasks.adapters.python.tree import (
    Function,
    bound_names,
    dumped,
    flat,
    identifiers,
    lines_of,
    parsed,
    tree_of,
)
from pdd_tasks.core.merge.accumulated import Accumulated


_NO_TREE = ast.Module(body=[], type_ignores=[])


def accumulated(old: str, new: str, around: Sequence[str] = ()) -> Accumulated:
    """Return the old tests with the new ones added.

    Args:
        old: The test file as it stands; may be empty.
        new: A file with further tests; it may repeat the old ones.
        around: Files beside it, ``conftest.py``, whose fixtures others stand on.
    """
    new = new.replace("\r\n", "\n").replace("\r", "\n")
    tree = parsed(new)
    if isinstance(tree, str):
        return Accumulated(text=old, added=(), refused={"the new tests": tree})
    text = distinct(new)
    if not old.strip():
        return _first(text)
    before = tree_of(old)
    if before is None:
        return _refused(old, text, "the older tests do not parse")
    # As if the older tests asked for them: through other fixtures they may.
    before.body.append(_mention(around))
    blocker = module_wide(before, tree)
    if blocker:
        return _refused(old, text, blocker)
    return _added(old, text, before)


def _mention(around: Sequence[str]) -> ast.stmt:
    """Return a statement that mentions the fixtures of some files."""
    trees = (tree_of(text) or _NO_TREE for text in around)
    names = sorted({n for t in trees for n in (*fixtures(t), *given_names(t))} - {ANY})
    return ast.Expr(ast.Constant(", ".join(names)))


def _first(text: str) -> Accumulated:
    """Return tests that have no older ones, less those that say the same twice."""
    refused = _repeats(_NO_TREE, tree_of(text) or _NO_TREE)
    added = tuple(name for name in tests(text) if name not in refused)
    return Accumulated(text=without_tests(text, refused), added=added, refused=refused)


def _refused(old: str, text: str, why: str) -> Accumulated:
    refused = dict.fromkeys(tests(text), why)
    return Accumulated(text=old, added=(), refused=refused)


def _added(old: str, text: str, before: ast.Module) -> Accumulated:
    rewritten = _rewritten(before, tree_of(text) or _NO_TREE)
    text, reasons = _cleared(before, without_tests(text, rewritten))
    tree = tree_of(text) or _NO_TREE
    reasons |= harmful(before, tree)
    effects = _effects(before, tree, text)
    refused = {
        **rewritten,
        **effects,
        **_repeats(before, tree),
        **_dependent(before, tree, reasons),
    }
    added = tuple(name for name in tests(text) if name not in refused)
    if not added:
        return Accumulated(text=old, added=(), refused=refused)
    result = with_tests(old, before, without_tests(text, refused))
    why = objection(before, tree_of(result) or _NO_TREE)
    if why or not _keeps(old, result, added):
        why = why or "it could not be added beside the older tests"
        return _refused(old, text, why)
    return Accumulated(text=result, added=added, refused=refused)


def _rewritten(before: ast.Module, tree: ast.Module) -> dict[str, str]:
    """Return id → why it is refused, for tests that change one that stands."""
    known = meanings(before)
    said = dict(_bodies(before.body, known))
    return {
        name: f"{name} stands with another body; a new test needs a name of its own"
        for name, body in _bodies(tree.body, meanings(tree, known))
        if said.get(name, body) != body
    }


def _effects(before: ast.Module, tree: ast.Module, text: str) -> dict[str, str]:
    """Return first line → why it is left out, for what runs for its effect."""
    lines = lines_of(text)
    return {
        lines[node.lineno - 1].strip(): "it would run for the older tests, too"
        for node in left_out(before, tree)
    }


def _cleared(before: ast.Module, text: str) -> tuple[str, dict[str, str]]:
    """Return the new text with other names where they clash, and what clashes still.

    Returns:
        The text, and name → why it could not be changed.
    """
    tree = tree_of(text) or _NO_TREE
    clashing = sorted(clashes(before, tree))
    found = {name: unsafe(tree, name) for name in clashing}
    reasons = {
        name: f"{name} means something else in the older tests, and {why}"
        for name, why in found.items()
        if why
    }
    taken = set(_names(before) | _names(tree))
    known = meanings(before)
    said = meanings(tree, known)
    same = {how: name for name, how in known.items()}
    names: dict[str, str] = {}
    for name in clashing:
        if name not in reasons:
            names[name] = same.get(said.get(name, "")) or free(name, taken)
            taken.add(names[name])
    result = renamed(text, names)
    if bindings(tree_of(result) or _NO_TREE).keys() & names.keys():
        # Python reads some letters as others: what is written is not the name.
        return text, reasons | dict.fromkeys(names, "it cannot be given another name")
    return result, reasons


def _names(tree: ast.Module) -> frozenset[str]:
    bound = (name for node in tree.body for name in bound_names(node))
    return identifiers(tree) | frozenset(bound)


def _dependent(
    before: ast.Module, tree: ast.Module, reasons: Mapping[str, str]
) -> dict[str, str]:
    """Return id → why a test cannot be taken, for those that need what clashes."""
    why = dependents(tree, reasons)
    # What runs for its effect has no name to leave it out by.
    gone = left_out(before, tree)
    taken = (node for node in tree.body if not bound_names(node) and node not in gone)
    loose = (why(node) for node in taken)
    effect = next((because for because in loose if because), "")
    if effect:
        return dict.fromkeys((name for name, _ in found(tree.body)), effect)
    return {
        name: because
        for node in tree.body
        if (because := why(node))
        for name, _ in found([node])
    }


def _repeats(before: ast.Module, tree: ast.Module) -> dict[str, str]:
    """Return id → whose body it repeats, for tests that add nothing."""
    known = meanings(before)
    seen = {body: name for name, body in _bodies(before.body, known)}
    repeats: dict[str, str] = {}
    for name, body in _bodies(tree.body, meanings(tree, known)):
        if body in seen:
            repeats[name] = f"same as {seen[body]}"
        else:
            seen[body] = name
    return repeats


def _bodies(
    body: Sequence[ast.stmt],
    known: Mapping[str, str],
    prefix: str = "",
    set_up: str = "",
) -> Iterator[tuple[str, str]]:
    """Yield the id of each test, and what it says with what its classes set up."""
    for node in flat(body):
        if isinstance(node, Function) and node.name.startswith("test"):
            said = meaning(dumped(node, without=UNNAMED), known)
            yield f"{prefix}{node.name}", set_up + said
        elif isinstance(node, ast.ClassDef) and is_test_class(node):
            around: list[ast.AST] = [*node.bases, *node.decorator_list]
            around += [n for n in node.body if not any(found([n]))]
            said = set_up + meaning(f"{[dumped(each) for each in around]}", known)
            yield from _bodies(node.body, known, f"{prefix}{node.name}::", said)


def _keeps(old: str, result: str, added: Sequence[str]) -> bool:
    """Return whether a file has every old line and test, and the new tests."""
    before, after = tests(old), tests(result)
    rest = iter([line.rstrip("\r\n") for line in lines_of(result)])
    lines = [line.rstrip("\r\n") for line in lines_of(old)]
    return (
        all(line in rest for line in lines)
        and all(after.get(name) == body for name, body in before.items())
        and all(name in after and name not in before for name in added)
    )
