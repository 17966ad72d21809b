"""Replies at any place that fsspec reads and writes; the only importer of fsspec.

It comes with ``pdd-tasks[remote]``, and the place's own package with that. Rule 1: no
place is connected to before something is read or written, since some take as long as
they like. Rule 2: each place has errors of its own; all of them are one kind here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pdd_tasks.errors import ConfigError


class FsspecTransport:
    """Reads and writes below one address of fsspec.

    Attributes:
        alone: Whether it serves one thread at a time.
    """

    def __init__(self, url: str) -> None:
        """Name the place; it is not connected to.

        Args:
            url: The address: ``s3://bucket/replies``, ``file:///mnt/replies``.

        Raises:
            ConfigError: If fsspec, or what it needs for the address, is not there.
        """
        self._url = url
        self._opened: tuple[Any, str] | None = None
        protocols = [part.partition("://")[0] for part in url.split("::")]
        try:
            from fsspec import get_filesystem_class

            kinds = [get_filesystem_class(protocol) for protocol in protocols]
        except (ImportError, ValueError) as error:
            raise ConfigError(
                f"cache_remote: {protocols[0]}:// cannot be used: {error}",
                hint="install pdd-tasks[remote] and fsspec's package for that place, or"
                " name an address that begins with https://",
            ) from None
        self.alone = not all(kind.async_impl for kind in kinds)

    def fetch(self, place: str, limit: int) -> bytes | None:
        """Return at most a limit of bytes, and one more; None if there are none.

        Raises:
            OSError: If the place does not answer, or not as it should.
        """
        with _one_kind_of_error():
            files, base = self._place()
            try:
                with files.open(f"{base}/{place}", "rb") as stream:
                    data: bytes = stream.read(limit + 1)
                    return data
            except FileNotFoundError:
                return None

    def store(self, place: str, data: bytes) -> None:
        """Write bytes.

        Raises:
            OSError: If the place does not answer, or refuses.
        """
        with _one_kind_of_error():
            files, base = self._place()
            path = f"{base}/{place}"
            files.makedirs(path.rpartition("/")[0], exist_ok=True)
            files.pipe_file(path, data)

    def _place(self) -> tuple[Any, str]:
        """Return the file system of fsspec, and the path in it."""
        from fsspec.core import url_to_fs

        if self._opened is None:
            files, base = url_to_fs(self._url)
            self._opened = (files, base.rstrip("/"))
        return self._opened


@contextmanager
def _one_kind_of_error() -> Iterator[None]:
    try:
        yield
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - each place has errors of its own
        raise OSError(f"{type(error).__name__}: {error}") from None
