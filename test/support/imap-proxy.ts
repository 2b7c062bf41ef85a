// A TCP proxy in front of an IMAP server: counts connections, writes down what the client sent, and can answer in its place.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { testServers } from './servers.ts';

export interface ImapProxyBehaviour {
  /** Answers a client's line (tag, command, arguments) in the server's place; undefined lets it pass. */
  answer?: (line: string) => string | undefined;
}

export interface ImapProxy {
  host: string;
  port: number;
  /** Lines that clients sent, in their order over all connections. */
  lines: string[];
  /** Logged-in connections, now and at the most so far. */
  loggedIn: number;
  mostLoggedIn: number;
  /** Bytes that the server sent. */
  bytes: number;
  /** Takes effect from the next line on. */
  behave(behaviour: ImapProxyBehaviour): void;
  close(): Promise<void>;
}

/** Starts a proxy to the test run's Dovecot, or to `target`. */
export async function startImapProxy(target: { host: string; port: number } = testServers().imap, listenOn = '127.0.0.1'): Promise<ImapProxy> {
  let behaviour: ImapProxyBehaviour = {};
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target);
    let isLoggedIn = false;
    const logOut = (): void => {
      if (isLoggedIn) proxy.loggedIn -= 1;
      isLoggedIn = false;
    };
    let rest = '';
    let isEncrypted = false;
    client.on('data', (data) => {
      if (isEncrypted) {
        upstream.write(data);
        return;
      }
      const parts = (rest + data.toString('latin1')).split('\r\n');
      rest = parts.pop()!;
      for (const line of parts) {
        proxy.lines.push(line);
        if (/^\S+ LOGOUT$/i.test(line)) logOut();
        if (/^\S+ STARTTLS$/i.test(line)) isEncrypted = true;
        const answer = behaviour.answer?.(line);
        if (answer === undefined) upstream.write(`${line}\r\n`, 'latin1');
        else client.write(answer, 'latin1');
      }
    });
    upstream.on('data', (data) => {
      proxy.bytes += data.length;
      if (!isLoggedIn && /^\S+ OK .*Logged in/m.test(data.toString('latin1'))) {
        isLoggedIn = true;
        proxy.loggedIn += 1;
        proxy.mostLoggedIn = Math.max(proxy.mostLoggedIn, proxy.loggedIn);
      }
      client.write(data);
    });
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    client.once('close', () => {
      logOut();
      sockets.delete(client);
      end();
    });
    for (const socket of [client, upstream]) socket.on('error', end).once('end', end);
    sockets.add(client);
  });
  server.listen(0, listenOn);
  await once(server, 'listening');
  const proxy: ImapProxy = {
    host: listenOn, port: (server.address() as AddressInfo).port, lines: [], loggedIn: 0, mostLoggedIn: 0, bytes: 0,
    behave(next) {
      behaviour = next;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  return proxy;
}

/** The commands among lines, without tags and arguments. */
export function commandsOf(lines: string[]): string[] {
  return lines.map((line) => line.split(' ').slice(1, 3).join(' ').replace(/^(?!UID )(\S+).*$/, '$1').toUpperCase());
}
