import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';

const page = await readFile(new URL('public/index.html', import.meta.url));

const server = createServer(({ url }, response) => {
  if (url === '/healthz') return response.end('ok\n');
  if (url !== '/') return response.writeHead(404).end();
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
});
server.listen(Number(process.env.PORT ?? 8080));

// Lightsail sends SIGTERM to the containers of an old version.
process.on('SIGTERM', () => server.close());
