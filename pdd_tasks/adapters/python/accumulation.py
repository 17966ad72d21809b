"""New tests added to a file of old ones, without touching the old.

Rule 1: every line of the old file stays, in its order. Rule 2: nothing new rebinds
a name that the old file binds or uses: the new name is changed, or what needs it is
refused. Rule 3: of the new text only its tests and what they need are taken.
"""

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence

from pdd_tasks.adapters.python.chunks import Chunk, chunks, composed, trimmed
from pdd_tasks.adapters.python.clashes import (
    bindings,
    clashes,
    dependents,
    module_wide,
)
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


def accumulated(old: str, new: str) -> Accumulated:
    """Return the old tests with the new ones added.

    Args:
        old: The test file as it stands; may be empty.
        new: A file with further tests; it may repeat the old ones.
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
    blocker = module_wide(before, tree)
    if blocker:
        return _refused(old, text, blocker)
    return _added(old, text, before)


def _first(text: str) -> Accumulated:
    """Return tests that have no older ones, less those that say the same twice."""
    refused = _repeats(_NO_TREE, tree_of(text) or _NO_TREE)
    added = tuple(name for name in tests(text) if name not in refused)
    return Accumulated(text=without_tests(text, refused), added=added, refused=refused)


def _refused(old: str, text: str, why: str) -> Accumulated:
    refused = dict.fromkeys(tests(text), why)
    return Accumulated(text=old, added=(), refused=refused)


def _added(old: str, text: str, before: ast.Module) -> Accumulated:
    text, reasons = _cleared(before, text)
    tree = tree_of(text) or _NO_TREE
    refused = {**_repeats(before, tree), **_dependent(tree, reasons)}
    added = tuple(name for name in tests(text) if name not in refused)
    if not added:
        return Accumulated(text=old, added=(), refused=refused)
    result = _composed(old, before, without_tests(text, refused))
    if not _keeps(old, result, added):
        return _refused(old, text, "it could not be added beside the older tests")
    return Accumulated(text=result, added=added, refused=refused)


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
    return renamed(text, names), reasons


def _names(tree: ast.Module) -> frozenset[str]:
    bound = (name for node in tree.body for name in bound_names(node))
    return identifiers(tree) | frozenset(bound)


def _dependent(tree: ast.Module, reasons: Mapping[str, str]) -> dict[str, str]:
    """Return id → why a test cannot be taken, for those that need what clashes."""
    why = dependents(tree, reasons)
    # What runs for its effect has no name to leave it out by.
    loose = (why(node) for node in tree.body if not bound_names(node))
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


def _composed(old: str, before: ast.Module, text: str) -> str:
    """Return the old file with the tests of a text, and what they need, added."""
    has = bindings(before)
    parts = chunks(text)
    last = max((i for i, part in enumerate(parts) if part.is_import), default=-1)
    needed = _needed(parts)
    above: list[str] = []
    below: list[Chunk] = []
    stand = {dumped(node) for node in before.body}
    for index, part in enumerate(parts):
        if part.is_import:
            above += _import(part, needed - has.keys())
        elif not _is_due(part, needed, has, stand):
            continue
        elif index < last and not part.is_definition:
            above.append(part.text)
        else:
            below.append(part)
    return composed(old, above, below)


def _import(part: Chunk, names: frozenset[str]) -> list[str]:
    wanted = part.binds & names
    return [trimmed(part, wanted)] if wanted else []


def _needed(parts: Sequence[Chunk]) -> frozenset[str]:
    """Return the names that the tests among some chunks need, directly or not."""
    needed: set[str] = set()
    due = [part for part in parts if any(found(part.nodes)) or not part.binds]
    while due:
        part = due.pop()
        fresh = part.uses - needed
        needed |= fresh
        due += [p for p in parts if p.binds & fresh and not p.is_import]
    return frozenset(needed)


def _is_due(
    part: Chunk, needed: frozenset[str], has: Collection[str], stand: Collection[str]
) -> bool:
    """Return whether a chunk must be added, not being an import."""
    if any(found(part.nodes)):
        return True
    if not part.binds:
        return not all(dumped(node) in stand for node in part.nodes)
    return part.binds.isdisjoint(has) and not part.binds.isdisjoint(needed)


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
