"""Text taken out of bytes and put back in the style that it had.

Rule 1: what was not changed comes back byte for byte. Rule 2: bytes that are not
UTF-8 are refused, never replaced: whoever rewrites such a file would lose them.
"""

from typing import Final


_BOM: Final = "\ufeff"


def plain(data: bytes) -> str:
    """Return text without byte-order mark; uniform CRLF line ends become LF.

    Raises:
        UnicodeDecodeError: If the bytes are not UTF-8.
    """
    text = data.decode("utf-8").removeprefix(_BOM)
    return text.replace("\r\n", "\n") if _is_crlf(text) else text


def styled(text: str, like: bytes) -> bytes:
    """Return a text's bytes with the byte-order mark and line ends of others.

    Args:
        text: The text, as from `plain`.
        like: The bytes it is to be like; empty bytes mean LF without a mark.
    """
    model = like.decode("utf-8", errors="replace")
    if _is_crlf(model):
        text = text.replace("\n", "\r\n")
    mark = _BOM if model.startswith(_BOM) else ""
    return (mark + text).encode()


def _is_crlf(text: str) -> bool:
    return "\r\n" in text and text.count("\r\n") == text.count("\n")
