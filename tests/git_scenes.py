"""Repositories in the states that people leave them in, made with real git.

A scene is a function that gets an empty folder and returns where the project lies in
it and which files, with which bytes, are to be kept. `witness` tells all that a
person would miss.
"""

import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath


FILE = PurePosixPath("src/a.py")
MINE = b"mine = 1\r\n\xff\n"
NO_HOOK = "#!/bin/sh\necho hook $0 >> {log}\nexit 1\n"
HOOKS = (
    "pre-commit",
    "prepare-commit-msg",
    "commit-msg",
    "post-commit",
    "reference-transaction",
    "post-index-change",
    "pre-auto-gc",
    "post-checkout",
)
_OURS = (
    "objects",
    "refs/pdd",
    "logs/refs/pdd",
    "refs/heads/pdd",
    "logs/refs/heads/pdd",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a scene made.

    Attributes:
        root: The state root.
        files: Path → bytes to keep; by default those of one file that stands.
        variables: Variables of the environment in which they are to be kept.
    """

    root: Path
    files: Mapping[PurePosixPath, bytes] = field(default_factory=lambda: {FILE: MINE})
    variables: Mapping[str, str] = field(default_factory=dict)


def environment(home: Path) -> dict[str, str]:
    """Return variables that keep a machine's own configuration of git out."""
    return {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
    }


def git(folder: Path, *words: str, fails: bool = False) -> bytes:
    """Run git as a person would, and return what it printed."""
    named = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    more = ("-c", "protocol.file.allow=always", "-c", "commit.gpgSign=false")
    ended = subprocess.run(
        ["git", *named, *more, *words],  # noqa: S607 - the one a person would run
        cwd=folder,
        env=os.environ | {"LC_ALL": "C"},
        capture_output=True,
        check=False,
    )
    assert (ended.returncode != 0) is fails, (words, ended.stderr)
    return ended.stdout


def write(root: Path, path: PurePosixPath | str, data: bytes) -> None:
    """Write a file, and the folders above it."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(data)


def repository(root: Path, *words: str) -> Path:
    """Return a repository with one commit."""
    root.mkdir(parents=True, exist_ok=True)
    git(root, "init", "-q", "-b", "main", *words)
    git(root, "config", "gc.auto", "0")
    write(root, FILE, b"committed = 1\n")
    write(root, "other/b.py", b"other = 1\n")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "first")
    return root


def edited(root: Path) -> Scene:
    """Return a scene in which a person edited the file last."""
    write(root, FILE, MINE)
    return Scene(root=root)


def clean(top: Path) -> Scene:
    """Nothing is changed; the copy holds what is committed."""
    return Scene(root=repository(top / "r"), files={FILE: b"committed = 1\n"})


def partially_staged(top: Path) -> Scene:
    """A file is staged and edited once more; others are added and deleted."""
    root = repository(top / "r")
    write(root, FILE, b"staged = 1\n")
    write(root, "new.py", b"new\n")
    git(root, "add", "-A")
    git(root, "rm", "-q", "--cached", "other/b.py")
    return edited(root)


def untracked_and_ignored(top: Path) -> Scene:
    """The files are in no commit; one of them is ignored."""
    root = repository(top / "r")
    write(root, ".gitignore", b"*.ignored\nsrc/\n")
    files = {PurePosixPath("x.ignored"): b"i", PurePosixPath("src/new.py"): b"n"}
    for path, data in files.items():
        write(root, path, data)
    return Scene(root=root, files=files)


def unborn(top: Path) -> Scene:
    """There is no commit yet, and something is staged."""
    root = top / "r"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    write(root, FILE, b"staged = 1\n")
    git(root, "add", "-A")
    return edited(root)


def no_identity(top: Path) -> Scene:
    """Nobody said who they are, and git may not guess."""
    root = repository(top / "r")
    git(root, "config", "user.useConfigOnly", "true")
    return edited(root)


def _merging(top: Path) -> Path:
    root = repository(top / "r")
    git(root, "checkout", "-q", "-b", "side")
    write(root, FILE, b"side = 1\n")
    git(root, "commit", "-qam", "side")
    git(root, "checkout", "-q", "main")
    write(root, FILE, b"main = 1\n")
    git(root, "commit", "-qam", "main")
    return root


def in_a_merge(top: Path) -> Scene:
    """A merge is in conflict, so that the index has three of the file."""
    root = _merging(top)
    git(root, "merge", "side", fails=True)
    assert (root / ".git/MERGE_HEAD").exists()
    return Scene(root=root, files={FILE: (root / FILE).read_bytes()})


def in_a_rebase(top: Path) -> Scene:
    """A rebase has stopped."""
    root = _merging(top)
    git(root, "rebase", "side", fails=True)
    assert (root / ".git/rebase-merge").exists()
    return edited(root)


def detached(top: Path) -> Scene:
    """HEAD names a commit, not a branch."""
    root = repository(top / "r")
    git(root, "checkout", "-q", "--detach")
    return edited(root)


def odd_names(top: Path) -> Scene:
    """Names that a line, a shell or git itself would take apart."""
    root = repository(top / "r")
    odd = (
        "a\nb",
        "a\tb",
        'a"b',
        "-rf",
        "a\\b",
        ":(glob)*",
        "ä ö",
        "\udcff\udcfe",
        "'x'",
    )
    files = {PurePosixPath(f"odd/{n}.py"): os.fsencode(n) for n in odd}
    files[PurePosixPath("-f")] = b"dash"
    for path, data in files.items():
        write(root, path, data)
    return Scene(root=root, files=files)


def attributes(top: Path) -> Scene:
    """Line ends are converted, words replaced, and a filter must run and fails."""
    root = repository(top / "r")
    rows = (
        "*.py text eol=crlf ident filter=broken\n*.txt working-tree-encoding=UTF-16\n"
    )
    write(root, ".gitattributes", rows.encode())
    for key in ("clean", "smudge"):
        git(root, "config", f"filter.broken.{key}", "false")
    git(root, "config", "filter.broken.required", "true")
    git(root, "config", "core.autocrlf", "true")
    git(root, "config", "core.safecrlf", "true")
    return edited(root)


def failing_hooks(top: Path) -> Scene:
    """Every hook fails, and tells that it ran."""
    root = repository(top / "r")
    folder = root / ".git/my-hooks"
    for name in HOOKS:
        write(folder, name, NO_HOOK.format(log=top / "ran").encode())
        (folder / name).chmod(0o755)
    git(root, "config", "core.hooksPath", str(folder))
    return edited(root)


def forced_signing(top: Path) -> Scene:
    """Every commit is to be signed, and the program that signs fails."""
    root = repository(top / "r")
    for key in ("commit.gpgSign", "tag.gpgSign", "push.gpgSign"):
        git(root, "config", key, "true")
    git(root, "config", "gpg.program", "false")
    return edited(root)


def link_and_executable(top: Path) -> Scene:
    """A file may be run, another one is reached by a link."""
    root = repository(top / "r")
    write(root, "run.sh", b"#!/bin/sh\n")
    (root / "run.sh").chmod(0o755)
    (root / "link.py").symlink_to("src/a.py")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "more")
    write(root, FILE, MINE)
    files = {PurePosixPath("run.sh"): b"#!/bin/sh\n", PurePosixPath("link.py"): MINE}
    return Scene(root=root, files=files)


def sparse_checkout(top: Path) -> Scene:
    """Only one folder of the repository stands."""
    root = repository(top / "r")
    git(root, "sparse-checkout", "set", "--cone", "src")
    assert not (root / "other").exists()
    return edited(root)


def sparse_index(top: Path) -> Scene:
    """The same, and the index leaves the rest out."""
    root = repository(top / "r")
    git(root, "sparse-checkout", "set", "--cone", "--sparse-index", "src")
    return edited(root)


def linked_worktree(top: Path) -> Scene:
    """The project is a second working tree; ``.git`` is a file."""
    root = repository(top / "r")
    git(root, "worktree", "add", "-q", "-b", "side", str(top / "w"))
    write(root, FILE, b"in the first tree\n")
    return edited(top / "w")


def submodule(top: Path) -> Scene:
    """The project is a submodule; ``.git`` is a file here, too."""
    repository(top / "inner")
    root = repository(top / "r")
    git(root, "submodule", "--quiet", "add", str(top / "inner"), "sub")
    git(root, "commit", "-qm", "sub")
    return edited(root / "sub")


def file_in_submodule(top: Path) -> Scene:
    """The project is a repository, and its code lies in a submodule."""
    scene = submodule(top)
    return Scene(root=scene.root.parent, files={PurePosixPath("sub") / FILE: MINE})


def borrowed_objects(top: Path) -> Scene:
    """Most objects lie in another repository."""
    root = repository(top / "r")
    git(top, "clone", "-q", "--shared", str(root), str(top / "c"))
    return edited(top / "c")


def split_index(top: Path) -> Scene:
    """The index is in two files."""
    root = repository(top / "r")
    git(root, "config", "core.splitIndex", "true")
    git(root, "update-index", "--split-index")
    assert list((root / ".git").glob("sharedindex.*"))
    return edited(root)


def locked_index(top: Path) -> Scene:
    """Another git works on the index, or died over it."""
    root = repository(top / "r")
    write(root, ".git/index.lock", b"")
    write(root, ".git/HEAD.lock", b"")
    return edited(root)


def sha256(top: Path) -> Scene:
    """Names of objects are 64 digits long."""
    return edited(repository(top / "r", "--object-format=sha256"))


def marked_entries(top: Path) -> Scene:
    """Entries that are only announced, assumed unchanged, or skipped."""
    root = repository(top / "r")
    write(root, "soon.py", b"soon\n")
    git(root, "add", "-N", "soon.py")
    git(root, "update-index", "--assume-unchanged", str(FILE))
    git(root, "update-index", "--skip-worktree", "other/b.py")
    return edited(root)


def shallow(top: Path) -> Scene:
    """A clone that has the last commit only."""
    root = repository(top / "r")
    write(root, FILE, b"second = 1\n")
    git(root, "commit", "-qam", "second")
    git(top, "clone", "-q", "--depth=1", f"file://{root}", str(top / "c"))
    return edited(top / "c")


def partial(top: Path) -> Scene:
    """A clone without the contents of files that do not stand."""
    root = repository(top / "r")
    git(root, "config", "uploadpack.allowFilter", "true")
    words = ("--filter=blob:none", "--sparse")
    git(top, "clone", "-q", *words, f"file://{root}", str(top / "c"))
    git(top / "c", "remote", "set-url", "origin", "file:///nowhere")
    return edited(top / "c")


def subfolder(top: Path) -> Scene:
    """The project is a folder of a larger repository."""
    root = repository(top / "r")
    write(root, "services/a/pyproject.toml", b"")
    write(root, f"services/a/{FILE}", MINE)
    return Scene(root=root / "services/a")


def inside_a_hook(top: Path) -> Scene:
    """A hook of another repository runs the program."""
    other = repository(top / "other")
    variables = {
        "GIT_DIR": str(other / ".git"),
        "GIT_INDEX_FILE": str(other / ".git/index"),
        "GIT_WORK_TREE": str(other),
        "GIT_PREFIX": "src/",
        "GIT_AUTHOR_DATE": "@0 +0000",
        "GIT_OBJECT_DIRECTORY": str(other / ".git/objects"),
    }
    scene = edited(repository(top / "r"))
    return Scene(root=scene.root, variables=variables)


def stashed(top: Path) -> Scene:
    """Something is in the stash."""
    root = repository(top / "r")
    write(root, FILE, b"stashed = 1\n")
    git(root, "stash", "-q")
    return edited(root)


def watched(top: Path) -> Scene:
    """A monitor, a cache of untracked files and other helpers are configured."""
    root = repository(top / "r")
    monitor = top / "monitor"
    write(top, "monitor", NO_HOOK.format(log=top / "ran").encode())
    monitor.chmod(0o755)
    for key in ("feature.manyFiles", "core.untrackedCache", "index.threads"):
        git(root, "config", key, "true")
    git(root, "config", "core.fsmonitor", str(monitor))
    git(root, "config", "core.pager", str(monitor))
    return edited(root)


def file_for_folder(top: Path) -> Scene:
    """Where a commit has a folder, a file stands now; and the other way round."""
    root = repository(top / "r")
    files = {PurePosixPath("other"): b"file\n", FILE / "below": b"below\n"}
    (root / FILE).unlink()
    (root / "other/b.py").unlink()
    (root / "other").rmdir()
    for path, data in files.items():
        write(root, path, data)
    return Scene(root=root, files=files)


def packed(top: Path) -> Scene:
    """All refs are in one file, and all objects in a pack."""
    root = repository(top / "r")
    git(root, "tag", "v1")
    git(root, "gc", "-q")
    git(root, "pack-refs", "--all")
    return edited(root)


def no_repository(top: Path) -> Scene:
    """There is no repository at all."""
    write(top / "r", FILE, MINE)
    return Scene(root=top / "r")


def bare(top: Path) -> Scene:
    """The repository says that it has no working tree."""
    scene = edited(repository(top / "r"))
    git(scene.root, "config", "core.bare", "true")
    return scene


def distrusted(top: Path) -> Scene:
    """The repository belongs to somebody else, and git refuses it."""
    scene = edited(repository(top / "r"))
    return Scene(root=scene.root, variables={"GIT_TEST_ASSUME_DIFFERENT_OWNER": "true"})


def broken(top: Path) -> Scene:
    """The objects of HEAD are gone."""
    scene = edited(repository(top / "r"))
    tree = git(scene.root, "rev-parse", "HEAD^{tree}").decode().strip()
    (scene.root / ".git/objects" / tree[:2] / tree[2:]).unlink()
    return scene


def read_only_objects(top: Path) -> Scene:
    """A file stands where the objects would go."""
    scene = edited(repository(top / "r"))
    (scene.root / ".git/objects").rename(scene.root / ".git/objects.away")
    write(scene.root, ".git/objects", b"")
    return scene


IN_GIT: tuple[Callable[[Path], Scene], ...] = (
    clean,
    partially_staged,
    untracked_and_ignored,
    unborn,
    no_identity,
    in_a_merge,
    in_a_rebase,
    detached,
    odd_names,
    attributes,
    failing_hooks,
    forced_signing,
    link_and_executable,
    sparse_checkout,
    sparse_index,
    linked_worktree,
    submodule,
    file_in_submodule,
    borrowed_objects,
    split_index,
    locked_index,
    sha256,
    marked_entries,
    shallow,
    partial,
    subfolder,
    inside_a_hook,
    stashed,
    watched,
    file_for_folder,
    packed,
)
"""Scenes in which a copy is a commit."""

IN_FOLDER: tuple[Callable[[Path], Scene], ...] = (
    no_repository,
    bare,
    distrusted,
    broken,
    read_only_objects,
)
"""Scenes in which git cannot keep one, and a folder does."""


def witness(top: Path) -> dict[str, tuple[object, ...]]:
    """Return everything below a folder that is not ours: bytes, times and numbers.

    What a copy adds to a repository is left out: objects, and refs of ours with
    their logs.
    """
    found: dict[str, tuple[object, ...]] = {}
    for above, folders, names in os.walk(top):
        here = Path(above)
        folders[:] = [one for one in folders if not _is_ours(here / one)]
        for name in [*names, *(f for f in folders if (here / f).is_symlink())]:
            path = here / name
            about = path.lstat()
            data = os.fsencode(path.readlink()) if path.is_symlink() else None
            data = path.read_bytes() if data is None else data
            key = str(path.relative_to(top))
            found[key] = (data, about.st_mtime_ns, about.st_ino, about.st_mode)
    return found


def _is_ours(path: Path) -> bool:
    text = path.as_posix()
    return any(text.endswith(f"/{one}") for one in _OURS) or text.endswith("/.pdd")
