import { probeOf } from '../../../../../lambda/deployment/diagnosis/container-log/health-probe';

test.each([
  ['Lightsail, as seen', '"GET /health HTTP/1.1" 404 54 "-" "ELB-HealthChecker/2.0" "-"'],
  ['nginx', '172.26.7.12 - - [01/Jan/2025:12:00:00 +0000] "GET /health HTTP/1.1" 404 153 "-" "ELB-HealthChecker/2.0" "-"'],
  ['Apache', '172.26.7.12 - - [01/Jan/2025:12:00:00 +0000] "GET /health HTTP/1.1" 404 196 "-" "ELB-HealthChecker/2.0"'],
  ['Apache, common format', '172.26.7.12 - - [01/Jan/2025:12:00:00 +0000] "GET /health HTTP/1.1" 404 196'],
  ['morgan combined', '::ffff:172.26.7.12 - - [01/Jan/2025:12:00:00 +0000] "GET /health HTTP/1.1" 404 150 "-" "ELB-HealthChecker/2.0"'],
  ['morgan dev', 'GET /health 404 1.234 ms - 150'],
  ['morgan tiny', 'GET /health 404 150 - 1.234 ms'],
  ['uvicorn', 'INFO:     172.26.7.12:45678 - "GET /health HTTP/1.1" 404 Not Found'],
  ['gunicorn', '172.26.7.12 - - [01/Jan/2025:12:00:00 +0000] "GET /health HTTP/1.1" 404 22 "-" "ELB-HealthChecker/2.0"'],
  ['Flask', '172.26.7.12 - - [01/Jan/2025 12:00:00] "GET /health HTTP/1.1" 404 -'],
  ['Django', '[01/Jan/2025 12:00:00] "GET /health HTTP/1.1" 404 2179'],
  ['Kestrel', 'Request finished HTTP/1.1 GET http://172.26.7.12:8080/health - 404 0 - 1.2ms'],
  ['gin', '[GIN] 2025/01/01 - 12:00:00 | 404 |       1.2µs |   172.26.7.12 | GET      "/health"'],
  ['chi', '2025/01/01 12:00:00 "GET http://172.26.7.12:8080/health HTTP/1.1" from 172.26.200.4:40000 - 404 19B in 12µs'],
  ['pino-http', '{"level":30,"req":{"method":"GET","url":"/health","headers":{"user-agent":"ELB-HealthChecker/2.0"}},"res":{"statusCode":404},"msg":"request completed"}'],
  ['Caddy', '{"logger":"http.log.access","request":{"method":"GET","uri":"/health","headers":{"User-Agent":["ELB-HealthChecker/2.0"]}},"status":404}'],
  ['lograge', 'method=GET path=/health format=html controller=Health status=404 duration=1.2'],
  ['with a query', '"GET /health?full=1 HTTP/1.1" 404 54 "-" "ELB-HealthChecker/2.0" "-"'],
])('reads the health check in the log of %s', (_, line) => {
  expect(probeOf(line, '/health')).toEqual({ samePath: true, status: 404 });
});

test.each([
  ['another path', 'GET /orders 404 1.2 ms - 150'],
  ['another client', '10.0.0.1 - - [01/Jan/2025:12:00:00 +0000] "GET /health HTTP/1.1" 404 153 "-" "Mozilla/5.0" "-"'],
  ['another client, in JSON', '{"url":"/health","status":404,"user_agent":"curl/8.0"}'],
  ['another method', 'POST /health 404 1.2 ms - 150'],
  ['a path without a status', '{"path":"/health"}'],
  ['a status without a path', '{"status":404}'],
  ['words about it', 'GET /health is not implemented, 404'],
])('takes %s for no health check', (_, line) => {
  expect(probeOf(line, '/health')).toBeUndefined();
});

test('knows a health check by its agent, though its path is another or its status unknown', () => {
  expect(probeOf('"GET /old HTTP/1.1" 200 54 "-" "ELB-HealthChecker/2.0" "-"', '/health')).toEqual({ samePath: false, status: 200 });
  expect(probeOf('request from ELB-HealthChecker/2.0', '/health')).toEqual({ samePath: true });
});
