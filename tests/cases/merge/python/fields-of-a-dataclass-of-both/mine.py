from dataclasses import dataclass


@dataclass
class Point:
    x: int
    y: int = 0
    z: int = 0

    def norm(self) -> int:
        return abs(self.x) + abs(self.y)
