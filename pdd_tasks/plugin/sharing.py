"""Where recorded replies are shared, and who writes there.

Rule 1: a remote place is written by CI, and by people only if they say so; a pull
request writes nothing, since it may come from anybody.
"""

from collections.abc import Callable, Mapping
from typing import Final

from pdd_tasks.adapters.models.bounded_transport import BoundedTransport
from pdd_tasks.adapters.models.reply_layer import (
    Layer,
    RemoteLayer,
    Transport,
    UserLayer,
    user_folder,
)
from pdd_tasks.core.model.settings import CacheWrite
from pdd_tasks.plugin.config import in_ci


TOKEN: Final = "PDD_CACHE_TOKEN"  # noqa: S105 - the name of a variable
_ASKED_FOR: Final = ("pull_request", "workflow_run", "issue_comment")
"""Events of GitHub that anybody can cause, with any text."""
_PULL_REQUESTS: Final = (
    "APPVEYOR_PULL_REQUEST_NUMBER",
    "BITBUCKET_PR_ID",
    "BUILDKITE_PULL_REQUEST",
    "CHANGE_ID",  # Jenkins
    "CIRCLE_PULL_REQUEST",
    "CI_COMMIT_PULL_REQUEST",  # Woodpecker
    "CI_MERGE_REQUEST_IID",  # GitLab
    "DRONE_PULL_REQUEST",
    "SYSTEM_PULLREQUEST_PULLREQUESTID",  # Azure
    "TRAVIS_PULL_REQUEST",
)
"""Variables that name the pull request that a run is for, by CI system."""


def is_written(write: CacheWrite, environment: Mapping[str, str]) -> bool:
    """Return whether replies that were asked live go to the remote place."""
    if write is not CacheWrite.AUTO:
        return write is CacheWrite.ON
    event = environment.get("GITHUB_EVENT_NAME", "")
    asked_for = event.startswith(_ASKED_FOR) or any(
        environment.get(name, "") not in {"", "false"} for name in _PULL_REQUESTS
    )
    return in_ci(environment) and not asked_for


def layers(
    user: bool,  # noqa: FBT001 - a setting, as the others
    remote: str,
    writes: bool,  # noqa: FBT001 - as above
    environment: Mapping[str, str],
    announce: Callable[[str], None],
) -> tuple[Layer, ...]:
    """Return where else than in the project replies are kept, the nearest first.

    Args:
        user: Whether the user's own are used.
        remote: Address of the remote place; empty means none.
        writes: Whether the remote place is written.
        environment: The variables of the environment.
        announce: Tells people one line, each line once a run.

    Raises:
        ConfigError: If the address needs a package that is not there.
    """
    found: list[Layer] = []
    folder = user_folder(environment) if user else None
    if folder is not None:
        found.append(UserLayer(folder, announce))
    if remote:
        transport = _transport(remote, environment.get(TOKEN, "").strip())
        found.append(RemoteLayer(remote, transport, announce, writes=writes))
    return tuple(found)


def _transport(address: str, token: str) -> Transport:
    if address.startswith(("http://", "https://")):
        from pdd_tasks.adapters.models.http_transport import HttpTransport

        return BoundedTransport(HttpTransport(address, token))
    from pdd_tasks.adapters.models.fsspec_transport import FsspecTransport

    transport = FsspecTransport(address)
    return BoundedTransport(transport, alone=transport.alone)
