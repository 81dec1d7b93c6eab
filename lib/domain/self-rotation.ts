/** ms after which a call of self/rotate is given up. */
export const selfRotateLimit = 30_000;
