export const One = () => <i>one</i>;

export const Made = () => <u>made</u>;
