"""A development unit: its id, its files, and what they were at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import assert_never

from pdd_tasks.core.model.artifact import Artifact, Digest, UnitId
from pdd_tasks.core.model.language import Language
from pdd_tasks.core.model.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class DevUnit:
    """One unit and the places of its artifacts.

    All paths are relative to the state root, the folder that holds ``.pdd``.

    Attributes:
        root: The state root, relative to the folder doit runs in; ``.`` if equal.
        prompt: Its prompt.
        code: Its code files; the first is the main one.
        import_root: The folder that programs import the code from.
        example: Its example.
        test: The test file that generated tests are added to.
        more_tests: Further test files that belong to it, sorted.
    """

    id: UnitId
    root: PurePosixPath
    prompt: PurePosixPath
    code: tuple[PurePosixPath, ...]
    import_root: PurePosixPath
    example: PurePosixPath
    test: PurePosixPath
    more_tests: tuple[PurePosixPath, ...] = ()
    language: Language
    settings: Settings

    @property
    def formatter(self) -> tuple[str, ...]:
        """The command that formats its generated files; empty if there is none."""
        chosen = self.settings.format
        return self.language.format if chosen is None else chosen

    @property
    def headers(self) -> tuple[PurePosixPath, ...]:
        """The code files that say its public interface: all, where no kind does."""
        named = f".{self.language.header}"
        return tuple(path for path in self.code if path.suffix == named) or self.code

    @property
    def tests(self) -> tuple[PurePosixPath, ...]:
        """All of its test files, the one that grows first."""
        return (self.test, *self.more_tests)

    def paths(self, artifact: Artifact) -> tuple[PurePosixPath, ...]:
        """Return the files of one artifact, the main one first."""
        match artifact:
            case Artifact.PROMPT:
                return (self.prompt,)
            case Artifact.CODE:
                return self.code
            case Artifact.EXAMPLE:
                return (self.example,)
            case Artifact.TESTS:
                return self.tests
            case _:
                assert_never(artifact)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Bytes of files as read at one moment; a file that is absent is not in it."""

    contents: Mapping[PurePosixPath, bytes]
    digests: Mapping[PurePosixPath, Digest]

    @classmethod
    def of(cls, contents: Mapping[PurePosixPath, bytes]) -> "Snapshot":
        """Return the snapshot of these contents."""
        return cls(contents, {p: Digest.of(data) for p, data in contents.items()})

    def text(self, path: PurePosixPath) -> str:
        """Return a file as text; bytes that are not UTF-8 are replaced.

        Empty if the file is absent.
        """
        return self.contents.get(path, b"").decode("utf-8-sig", errors="replace")
