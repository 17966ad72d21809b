export interface Mill {
  speed: number;
}

export function grind(mill: Mill): number {
  return 2 * mill.speed;
}
