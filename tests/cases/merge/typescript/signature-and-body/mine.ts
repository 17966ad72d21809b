import { Shape } from "./shape";
import type { Color } from "./color";

export const LIMIT: number = 10;

export interface Drawing {
  name: string;
  area(): number;
}

export function area(width: number, height: number, depth = 1): number {
  const size = width * height;
  return size;
}

export class Box implements Drawing {
  name = "box";

  constructor(private width: number) {
    this.width = width;
  }

  area(): number {
    return area(this.width, LIMIT);
  }
}

function show(drawing: Drawing): void {
  console.log(drawing.name, LIMIT);
}
