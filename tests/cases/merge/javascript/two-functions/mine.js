export function fill(beans) {
  if (beans < 0) {
    throw new Error("fewer than no beans");
  }
  return beans;
}

export function grind(beans) {
  const powder = beans * 2;
  return powder;
}
