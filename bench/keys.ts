// The secrets of the installations that benchmarks make: nobody else can reach them.

export const SECRET_KEYS = `bench:${Buffer.alloc(32, 3).toString('base64')}`;
export const TOKEN_SECRET = 'the token secret of a benchmark that nobody else can reach';
