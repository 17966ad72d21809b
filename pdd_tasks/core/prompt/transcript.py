"""A request as one text, for those who take no messages: programs and people."""

from pdd_tasks.core.prompt.request import Message, Request


def transcript(request: Request) -> str:
    """Return all that a request says, as one text that ends with a newline.

    One instruction and one question need no roles; a longer conversation has a line
    with the role before each message.
    """
    roles = [message.role for message in request.messages]
    plain = roles in (["user"], ["system", "user"])
    parts = [_part(message, plain=plain) for message in request.messages]
    if request.schema:
        parts.append(
            "Answer with one JSON value of this schema, and with nothing else:\n\n"
            f"{request.schema}"
        )
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _part(message: Message, *, plain: bool) -> str:
    return message.content if plain else f"--- {message.role} ---\n\n{message.content}"
