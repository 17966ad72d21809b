export const One = () => <i>one</i>;

export const Mine = () => <b>mine</b>;

export const Made = () => <u>made</u>;
