"""Record the replies of the examples anew, after a template or a prompt changed.

Each example is copied to a temporary folder without its recordings and synced there
with ``replies=record`` against an OpenAI-compatible endpoint. Then its code is deleted
and made once more, since that request carries the tests that stand by then. The
recordings are put back into the example. What is recorded carries the label given:
it says where the replies come from.

    python scripts/record_examples.py --api-base http://127.0.0.1:8000/v1 \
        --label "recorded 2026-01 with openai/NAME" [examples/calculator ...]

The examples' model name is part of every request's key, so it is not changed here.
A step of an example is expected to succeed; the recordings of a failed sync are kept
aside and named, and the example stays as it was.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


ROOT = Path(__file__).resolve().parent.parent
DODO = "from pdd_tasks import doit_project\n\nDOIT_CONFIG, task_sync = doit_project()\n"
CACHE = Path(".pdd") / "cache"


def main() -> int:
    """Record the examples named on the command line, all of them by default.

    Returns:
        0 if all were recorded, else 1.
    """
    options = _options()
    examples = options.examples or sorted(
        path.parent for path in (ROOT / "examples").glob("*/.pddrc")
    )
    return max((_recorded(path.resolve(), options) for path in examples), default=1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("examples", nargs="*", type=Path, help="folders of examples")
    parser.add_argument("--api-base", required=True, help="address of the endpoint")
    parser.add_argument("--label", required=True, help="what the recordings are")
    parser.add_argument("--max-calls", default="40", help="requests at the most")
    return parser.parse_args()


def _recorded(example: Path, options: argparse.Namespace) -> int:
    copy = Path(tempfile.mkdtemp(prefix=f"record-{example.name}-")) / example.name
    kept = _committed(example)
    for name in kept:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(example / name, copy / name)
    (copy / "dodo.py").write_text(DODO, encoding="utf-8")
    if _synced(copy, options) != 0 or _made_again(copy, options) != 0:
        print(f"{example.name}: not recorded; see {copy}")
        return 1
    shutil.rmtree(example / CACHE, ignore_errors=True)
    shutil.copytree(copy / CACHE, example / CACHE)
    shutil.rmtree(copy.parent)
    count = sum(1 for _ in (example / CACHE).rglob("*.json"))
    print(f"{example.name}: {count} replies recorded")
    return 0


def _committed(example: Path) -> list[str]:
    """Return the files of an example that git tracks, less recordings."""
    command = ["git", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=example, check=True, capture_output=True)
    names = [name for name in listed.stdout.decode().split("\0") if name]
    return [
        name
        for name in names
        if not name.startswith(f"{CACHE.as_posix()}/") and (example / name).is_file()
    ]


def _made_again(copy: Path, options: argparse.Namespace) -> int:
    for code in filter(Path.is_file, (copy / "src").rglob("*")):
        code.unlink()
    return _synced(copy, options)


def _synced(copy: Path, options: argparse.Namespace) -> int:
    command = [
        sys.executable,
        "-m",
        "doit",
        "sync",
        "replies=record",
        f"label={options.label}",
        f"api_base={options.api_base}",
        f"max_calls={options.max_calls}",
    ]
    return subprocess.run(command, cwd=copy, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
