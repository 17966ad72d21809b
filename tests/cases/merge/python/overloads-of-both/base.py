from typing import overload


@overload
def read(where: str) -> str: ...
@overload
def read(where: bytes) -> bytes: ...
def read(where):
    return where
