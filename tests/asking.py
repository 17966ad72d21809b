"""Put the request on standard input to a server, and print what it answers.

    python tests/asking.py URL < REQUEST

It is what ``provider: command`` runs where a test needs a model and not litellm,
whose import takes longer than a whole sync. An error status, an answer that is cut
off and one that is no JSON end it with an exit code of 1.
"""

import http.client
import json
import re
import sys
from urllib.parse import urlsplit


ROLE = re.compile(r"(?:\A|\n\n)--- (system|user|assistant) ---\n\n")
SCHEMA = "\n\nAnswer with one JSON value of this schema, and with nothing else:\n\n"


def messages(text: str) -> list[dict[str, str]]:
    """Return the messages that a request was made of; one if it names no roles."""
    said = text.partition(SCHEMA)[0]
    _, *parts = ROLE.split(said) if ROLE.match(said) else ("", "user", said)
    return [
        {"role": role, "content": content}
        for role, content in zip(parts[::2], parts[1::2], strict=True)
    ]


def main(url: str) -> None:
    """Ask one question.

    Raises:
        SystemExit: If there is no whole answer.
    """
    place = urlsplit(url)
    body = json.dumps({"model": "test", "messages": messages(sys.stdin.read())})
    line = http.client.HTTPConnection(str(place.hostname), place.port)
    line.request("POST", f"{place.path}/chat/completions", body)
    answer = line.getresponse()
    text = answer.read()
    if answer.status != http.client.OK:
        raise SystemExit(f"{answer.status}: {text.decode()}")
    (choice,) = json.loads(text)["choices"]
    if choice["finish_reason"] != "stop":
        raise SystemExit(f"the answer ended with: {choice['finish_reason']}")
    sys.stdout.write(choice["message"]["content"])


if __name__ == "__main__":
    main(*sys.argv[1:])
