import { readFile } from "fs";
import path from "path";

const LIMIT = 10;

export function area(width, height) {
  const size = width * height;
  return size;
}

class Box {
  constructor(width) {
    this.width = width;
  }

  // Twice as wide.
  grow() {
    this.width *= 2;
    return this;
  }
}

function show(box) {
  console.log(box.width, LIMIT);
}
