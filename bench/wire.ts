// A load generator that takes little of the machine from what it measures: requests made beforehand, on connections that stay open.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const HEAD_END = '\r\n\r\n';
const LAST_CHUNK = '0\r\n\r\n';

export interface Wire {
  /** Sends a request, in whole, on a free connection. @returns the status and the body of its answer */
  send(request: Buffer): Promise<{ status: number; body: string }>;
  close(): void;
}

/** A GET as it goes over the wire. */
export function getRequest(url: URL, headers: Record<string, string>): Buffer {
  return Buffer.from([`GET ${url.pathname}${url.search} HTTP/1.1`, ...linesOf({ host: url.host, ...headers }), '', ''].join('\r\n'));
}

/** A POST of JSON as it goes over the wire. */
export function postRequest(url: URL, path: string, headers: Record<string, string>, body: string): Buffer {
  const lines = linesOf({ host: url.host, 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)), ...headers });
  return Buffer.from([`POST ${path} HTTP/1.1`, ...lines, '', body].join('\r\n'));
}

const linesOf = (headers: Record<string, string>): string[] => Object.entries(headers).map(([name, value]) => `${name}: ${value}`);

/** Opens so many connections; with more requests than that under way, the later ones wait. */
export async function openWire(url: URL, connections: number): Promise<Wire> {
  const sockets = await Promise.all(Array.from({ length: connections }, async () => {
    const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
    await once(socket, 'connect');
    return socket;
  }));
  const free = [...sockets];
  const waiting: ((socket: Socket) => void)[] = [];
  const release = (socket: Socket): void => {
    const next = waiting.shift();
    if (next) next(socket);
    else free.push(socket);
  };
  return {
    async send(request) {
      const socket = free.pop() ?? await new Promise<Socket>((resolve) => waiting.push(resolve));
      try {
        return await exchange(socket, request);
      } finally {
        release(socket);
      }
    },
    close: () => sockets.forEach((socket) => socket.destroy()),
  };
}

/** One request and its answer. A body that comes in chunks is given with their lengths in it. */
function exchange(socket: Socket, request: Buffer): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    let text = '';
    let isWhole: ((body: string) => boolean) | undefined;
    let bodyStart = 0;
    const settle = (end: () => void): void => {
      socket.off('data', take).off('error', fail).off('close', gone);
      end();
    };
    const fail = (error: Error): void => settle(() => reject(error));
    const gone = (): void => fail(new Error('the connection was closed'));
    const take = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      if (!isWhole) {
        const headEnd = text.indexOf(HEAD_END);
        if (headEnd < 0) return;
        bodyStart = headEnd + HEAD_END.length;
        isWhole = endOf(text.slice(0, headEnd));
      }
      const body = text.slice(bodyStart);
      if (isWhole(body)) settle(() => resolve({ status: Number(text.slice(9, 12)), body }));
    };
    socket.on('data', take).on('error', fail).on('close', gone);
    socket.write(request);
  });
}

/** Tells when the body of an answer with this head is whole. */
function endOf(head: string): (body: string) => boolean {
  if (/^transfer-encoding: chunked/im.test(head)) return (body) => body.endsWith(LAST_CHUNK);
  const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
  return (body) => body.length >= length;
}
