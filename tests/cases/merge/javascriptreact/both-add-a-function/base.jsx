export const One = () => <i>one</i>;
