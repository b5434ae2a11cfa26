import * as http from 'http';
import type { AddressInfo } from 'net';
import { fetchedPublicUrl } from '../../../lambda/clients/public-url';

let server: http.Server;
let url: string;

beforeAll(async () => {
  server = http.createServer((request, response) => {
    if (request.url === '/never') return;
    if (request.url === '/reset') request.socket.destroy();
    else if (request.url === '/204') response.writeHead(204).end();
    else if (request.url === '/moved') response.writeHead(302, { location: '/200' }).end();
    else response.writeHead(Number(request.url!.slice(1))).end('x'.repeat(100_000));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

test.each([200, 204, 404, 503])('tells the status %i', async (status) => {
  expect(await fetchedPublicUrl(60_000).get(`${url}/${status}`)).toEqual({ status });
});

test('does not follow a redirect', async () => {
  expect(await fetchedPublicUrl(60_000).get(`${url}/moved`)).toEqual({ status: 302 });
});

test.each([
  ['a connection that breaks', '/reset', /socket|closed|ECONNRESET/i],
  ['no answer in time', '/never', /time/i],
])('tells of %s', async (_, path, trouble) => {
  expect(await fetchedPublicUrl(200).get(url + path)).toEqual({ error: expect.stringMatching(trouble) });
});

test('tells of a host that there is not', async () => {
  expect(await fetchedPublicUrl(60_000).get('http://host.invalid/')).toEqual({ error: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/) });
});

test('tells of an URL that is none', async () => {
  expect(await fetchedPublicUrl(60_000).get('/healthz')).toEqual({ error: expect.stringContaining('URL') });
});
