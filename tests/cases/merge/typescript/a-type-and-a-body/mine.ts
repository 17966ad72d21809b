export interface Mill {
  speed: number; // turns a second
}

export function grind(mill: Mill): number {
  return mill.speed;
}
