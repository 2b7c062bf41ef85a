// Answers that a client need not load again: ETag, If-None-Match, 304 (RFC 9110).
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Gives the answer its ETag. @returns whether the client has this very content, so that a 304 is enough */
export function isUnchanged(request: FastifyRequest, reply: FastifyReply, content: string): boolean {
  // Weak, because the same content goes out zipped and not.
  const etag = `W/"${createHash('sha256').update(content).digest('base64url')}"`;
  void reply.header('etag', etag);
  const held = request.headers['if-none-match'];
  return held !== undefined && (held.trim() === '*' || held.split(',').some((tag) => opaque(tag) === opaque(etag)));
}

const opaque = (tag: string) => tag.trim().replace(/^W\//, '');

/** Whether the client takes gzip: named in Accept-Encoding, or covered by *, and not with weight 0. */
export function takesGzip(request: FastifyRequest): boolean {
  const header = request.headers['accept-encoding'];
  const weights = new Map((typeof header === 'string' ? header : '').split(',').map((part) => {
    const [name = '', ...parameters] = part.trim().toLowerCase().split(/\s*;\s*/);
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice('q='.length);
    return [name, weight === undefined ? 1 : Number(weight)] as const;
  }));
  return (weights.get('gzip') ?? weights.get('*') ?? 0) > 0;
}
