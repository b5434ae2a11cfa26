/** A health check in the log of a container. */
export interface Probe {
  /** The status of the answer, if the line shows it. */
  readonly status?: number;
  /** Whether it requests the path of the health check; true if the line does not show a path. */
  readonly samePath: boolean;
}

const AGENT = /ELB-HealthChecker/i;

/** How servers log a request and its status. Only nginx, Apache and similar servers log the agent. */
const REQUEST_LINES: readonly RegExp[] = [
  // nginx, Apache, Tomcat, gunicorn, uvicorn, Flask, Django, morgan, Kestrel: "GET /path HTTP/1.1" 404, GET /path 404 1.2 ms
  /\b(?:GET|HEAD) (?:https?:\/\/[^/\s"]+)?(?<path>\/[^\s"]*)(?: HTTP\/[\d.]+)?"?(?: -)? (?<status>[1-5]\d\d)\b/,
  // Go's chi: "GET http://host/path HTTP/1.1" from 172.26.0.1:40000 - 404 19B in 12µs
  /\b(?:GET|HEAD) (?:https?:\/\/[^/\s"]+)?(?<path>\/[^\s"]*) HTTP\/[\d.]+"? from \S+ - (?<status>[1-5]\d\d)\b/,
  // Go's gin: | 404 | 1.2µs | 172.26.0.1 | GET "/path"
  /\|\s*(?<status>[1-5]\d\d)\s*\|[^"]*\|\s*(?:GET|HEAD)\s+"?(?<path>\/[^\s"]*)/,
];

/** JSON and key=value: pino, zap, Caddy, Echo, lograge. */
const PATH_FIELD = /"?\b(?:path|url|uri|request_uri|target)"?\s*[=:]\s*"?(\/[^\s",]*)/i;
const STATUS_FIELD = /"?\b(?:status|statusCode|status_code|response_code)"?\s*[=:]\s*"?([1-5]\d\d)\b/i;

/** The agent of another client, if a log names it. */
const OTHER_AGENT = /" [1-5]\d\d \S+ "[^"]*" "(?!-?"|ELB-HealthChecker)|"user[-_]?agent"\s*:\s*\[?\s*"(?!"|ELB-HealthChecker)/i;

/**
 * Recognises a health check by its agent, or by the path of the health check if the line names no agent. Only the load balancer
 * sends requests to a version that is not active yet.
 */
export function probeOf(line: string, path: string): Probe | undefined {
  const request = requestOf(line);
  const samePath = request === undefined || withoutQuery(request.path) === withoutQuery(path);
  const isProbe = AGENT.test(line) || (request !== undefined && samePath && !OTHER_AGENT.test(line));
  if (!isProbe) return undefined;
  return { samePath, ...(request && { status: request.status }) };
}

function requestOf(line: string): { path: string; status: number } | undefined {
  for (const pattern of REQUEST_LINES) {
    const found = pattern.exec(line)?.groups as { path: string; status: string } | undefined;
    if (found) return { path: found.path, status: Number(found.status) };
  }
  const path = PATH_FIELD.exec(line)?.[1];
  const status = STATUS_FIELD.exec(line)?.[1];
  return path === undefined || status === undefined ? undefined : { path, status: Number(status) };
}

function withoutQuery(path: string): string {
  return path.replace(/\?.*/s, '');
}
