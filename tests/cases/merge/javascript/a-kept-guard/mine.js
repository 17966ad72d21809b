export function fill(beans) {
  if (beans < 0) {
    throw new Error("no beans");
  }
  return beans;
}

export function grind(beans) {
  // <pdd-keep>
  if (!beans) return 0;
  // </pdd-keep>
  const powder = beans * 2;
  return powder;
}
