export interface Mill {
  speed: number;
}

export function grind(mill: Mill): number {
  return mill.speed;
}
