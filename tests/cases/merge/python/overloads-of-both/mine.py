from typing import overload


@overload
def read(where: str) -> str: ...
@overload
def read(where: bytes) -> bytes: ...
@overload
def read(where: int) -> int: ...
def read(where):
    return where
