/** Makes each direction of a TCP connection later by so many milliseconds: tsx delay-proxy.ts <host:port> <milliseconds>. Prints its port. */
import * as net from 'node:net';

const [upstream = '', delay = '0'] = process.argv.slice(2);
const [host, port] = upstream.split(':');

function later(from: net.Socket, to: net.Socket): void {
  let waiting = 0;
  // Enough for a fast connection at this delay; more than that waits at the sender.
  const room = 64 * 1024 * 1024;
  const pass = (size: number, action: () => void) => {
    waiting += size;
    if (waiting > room) from.pause();
    setTimeout(() => {
      waiting -= size;
      if (waiting <= room) from.resume();
      if (!to.destroyed) action();
    }, Number(delay));
  };
  from.on('data', (chunk: Buffer) => pass(chunk.length, () => to.write(chunk)));
  from.on('end', () => pass(0, () => to.end()));
  from.on('error', () => to.destroy());
  from.on('close', () => pass(0, () => to.destroy()));
}

const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  const registry = net.connect({ host, port: Number(port), allowHalfOpen: true, noDelay: true });
  later(client, registry);
  later(registry, client);
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as net.AddressInfo).port));
