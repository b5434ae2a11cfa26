import { NO_SECRETS } from './log-fixture';
import { listeningOf } from '../../../../../lambda/deployment/diagnosis/container-log/listening-line';

test.each([
  ['listening on 80', ['port 80']],
  ['Server listening on port 3000', ['port 3000']],
  ['listening on :8080', ['port 8080']],
  ['2025-01-01T12:00:01Z INFO server started on :8080', ['port 8080']],
  ['12:00:01 Listening on 0.0.0.0:8080', ['0.0.0.0:8080']],
  ['Example app listening at http://localhost:3000', ['localhost:3000 (loopback)']],
  ['Server running at http://127.0.0.1:3000/', ['127.0.0.1:3000 (loopback)']],
  ['INFO:     Uvicorn running on http://127.0.0.1:8000 (Press CTRL+C to quit)', ['127.0.0.1:8000 (loopback)']],
  ['[2025-01-01 12:00:00 +0000] [1] [INFO] Listening at: http://0.0.0.0:8000 (1)', ['0.0.0.0:8000']],
  [' * Running on http://172.17.0.2:5000', ['172.17.0.2:5000']],
  ['Starting development server at http://127.0.0.1:8000/', ['127.0.0.1:8000 (loopback)']],
  ['Tomcat started on port(s): 8080 (http) with context path', ['port 8080']],
  ['Tomcat started on port 8080 (http) with context path', ['port 8080']],
  ['Now listening on: http://[::]:8080', ['[::]:8080']],
  ['Now listening on: http://localhost:5000', ['localhost:5000 (loopback)']],
  ['* Listening on tcp://0.0.0.0:3000', ['0.0.0.0:3000']],
  ['- Local: http://localhost:3000 - Network: http://10.0.0.5:3000', ['localhost:3000 (loopback)', '10.0.0.5:3000']],
  ['bound to [::1]:8080', ['[::1]:8080 (loopback)']],
  ['12:00:01 started', []],
  ['2025-01-01T12:00:01.123+01:00 ready in 12:30', []],
  ['connected to database, running at localhost:5432', []],
  ['Redis ready at 127.0.0.1:6379', []],
  ['Error: listen EADDRINUSE: address already in use :::3000', []],
  ['Debugger listening on ws://127.0.0.1:9229/abc', []],
  ['metrics listening on :9090', []],
  ['GET http://localhost:3000/ 200', []],
  ['listening on 0.0.0.0:65535', ['0.0.0.0:65535']],
  ['listening on 0.0.0.0:65536', []],
  ['listening on 0.0.0.0:99999', []],
])('%s → %j', (line, expected) => {
  expect(listeningOf(line, NO_SECRETS).map(({ address, loopback }) => `${address}${loopback ? ' (loopback)' : ''}`)).toEqual(expected);
});
