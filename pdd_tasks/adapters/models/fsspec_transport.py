"""Replies at any place that fsspec reads and writes; the only importer of fsspec.

It comes with ``pdd-tasks[remote]``, and the place's own package with that.
"""

from pdd_tasks.errors import ConfigError


class FsspecTransport:
    """Reads and writes below one address of fsspec."""

    def __init__(self, url: str) -> None:
        """Open the place.

        Args:
            url: The address: ``s3://bucket/replies``, ``file:///mnt/replies``.

        Raises:
            ConfigError: If fsspec, or what it needs for the address, is not there.
        """
        scheme = url.partition("://")[0]
        self._down: OSError | None = None
        try:
            from fsspec.core import url_to_fs

            self._files, self._base = url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise ConfigError(
                f"cache_remote: {scheme}:// cannot be used: {error}",
                hint="install pdd-tasks[remote] and fsspec's package for that place, or"
                " name an address that begins with https://",
            ) from None
        except Exception as error:  # noqa: BLE001 - some places connect at once
            self._down = OSError(f"{type(error).__name__}: {error}")

    def fetch(self, place: str, limit: int) -> bytes | None:
        """Return at most a limit of bytes, and one more; None if there are none.

        Raises:
            OSError: If the place does not answer, or not as it should.
        """
        self._check()
        try:
            with self._files.open(f"{self._base}/{place}", "rb") as stream:
                data: bytes = stream.read(limit + 1)
                return data
        except FileNotFoundError:
            return None
        except OSError:
            raise
        except Exception as error:  # noqa: BLE001 - each place has errors of its own
            raise OSError(f"{type(error).__name__}: {error}") from None

    def store(self, place: str, data: bytes) -> None:
        """Write bytes.

        Raises:
            OSError: If the place does not answer, or refuses.
        """
        self._check()
        try:
            path = f"{self._base}/{place}"
            self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
            self._files.pipe_file(path, data)
        except OSError:
            raise
        except Exception as error:  # noqa: BLE001 - each place has errors of its own
            raise OSError(f"{type(error).__name__}: {error}") from None

    def _check(self) -> None:
        if self._down is not None:
            raise self._down
