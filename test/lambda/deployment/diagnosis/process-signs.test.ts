import type { Container } from '@aws-sdk/client-lightsail';
import { attempts, failed, NO_SECRETS, tailOf } from './container-log/log-fixture';
import { diagnose } from '../../../../lambda/deployment/diagnosis/diagnosis';
import { PROCESS_SIGNS } from '../../../../lambda/deployment/diagnosis/process-signs';

/** What is said of a container that writes these lines and ends, each time that it is started. */
function said(lines: string | string[], container: Container = { image: 'shop:1' }) {
  const [diagnosis, ...others] = diagnose(failed({ containers: { app: container } }), [tailOf('app', attempts(3, [lines].flat()))], NO_SECRETS);
  expect(others).toEqual([]);
  return diagnosis!;
}

const ARCHITECTURE = 'cannot run its image: it is not built for linux/amd64';
const MEMORY = 'runs out of memory';

/** Lines of real logs, by what they are a sign of. */
const LOGS: readonly (readonly [string, string | string[]])[] = [
  [ARCHITECTURE, 'exec /docker-entrypoint.sh: exec format error'],
  [ARCHITECTURE, 'standard_init_linux.go:228: exec user process caused: exec format error'],
  [ARCHITECTURE, 'no match for platform in manifest: not found'],
  [ARCHITECTURE, 'no matching manifest for linux/amd64 in the manifest list entries'],
  [ARCHITECTURE, "image Manifest does not contain descriptor matching the image's architecture"],
  [ARCHITECTURE, '/bin/sh: 1: /app/server: cannot execute binary file: Exec format error'],
  ['cannot start: its command "/start.sh" is not executable', 'exec /start.sh: permission denied'],
  ['cannot start: its command "/start.sh" is not executable', 'OCI runtime create failed: exec: "/start.sh": permission denied: unknown'],
  ['cannot start: its command is not executable', 'exit status 126'],
  ['cannot start: its command "nod" is not in the image', 'exec: "nod": executable file not found in $PATH: unknown'],
  ['cannot start: its command "/app/run" is not in the image', 'exec /app/run: no such file or directory'],
  ['cannot start: its command "/app/run" is not in the image', 'exec: "/app/run": stat /app/run: no such file or directory: unknown'],
  ['cannot start: its command "nod" is not in the image', '/bin/sh: 1: nod: not found'],
  ['cannot start: its command "nod" is not in the image', 'bash: line 1: nod: command not found'],
  ['cannot start: its command "nod" is not in the image', '/usr/local/bin/docker-entrypoint.sh: exec: line 11: nod: not found'],
  ['cannot start: its command "python" is not in the image', '/usr/bin/env: ‘python’: No such file or directory'],
  ['cannot start: its command "bash" is not in the image', "env: can't execute 'bash': No such file or directory"],
  ['cannot start: its command is not in the image', 'exited with code 127'],
  ['cannot listen on port 80: only root can use ports below 1024', 'Error: listen EACCES: permission denied 0.0.0.0:80'],
  ['cannot listen on port 80: only root can use ports below 1024', 'nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)'],
  ['cannot listen on port 80: only root can use ports below 1024', '2025/01/01 12:00:00 listen tcp :80: bind: permission denied'],
  ['cannot listen on port 80: only root can use ports below 1024', '(13)Permission denied: AH00072: make_sock: could not bind to address [::]:80'],
  ['cannot listen on port 3000: the port is already in use', 'Error: listen EADDRINUSE: address already in use :::3000'],
  ['cannot listen on port 8080: the port is already in use', '2025/01/01 12:00:00 listen tcp :8080: bind: address already in use'],
  ['cannot listen on port 80: the port is already in use', 'nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)'],
  ['cannot listen on port 8000: the port is already in use', "[Errno 98] error while attempting to bind on address ('0.0.0.0', 8000): address already in use"],
  ['cannot listen on port 8080: the port is already in use', 'Web server failed to start. Port 8080 was already in use.'],
  ['cannot listen: the port is already in use', 'OSError: [Errno 98] Address already in use'],
  ['exits: "express" is not in the image', ["Error: Cannot find module 'express'", 'Require stack:', '- /app/index.js', '    at Module._resolveFilename (node:internal/modules/cjs/loader:1140:15)']],
  ['exits: "left-pad" is not in the image', "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'left-pad' imported from /app/index.mjs"],
  ['exits: "flask" is not in the image', ['Traceback (most recent call last):', '  File "/app/main.py", line 1, in <module>', "ModuleNotFoundError: No module named 'flask'"]],
  ['exits: "com.example.Main" is not in the image', 'Error: Could not find or load main class com.example.Main'],
  ['exits: "/app.jar" is not in the image', 'Error: Unable to access jarfile /app.jar'],
  ['exits: "puma" is not in the image', "<internal:kernel_require>:37:in `require': cannot load such file -- puma (LoadError)"],
  ['exits: "libssl.so.1.1" is not in the image', './server: error while loading shared libraries: libssl.so.1.1: cannot open shared object file: No such file or directory'],
  [MEMORY, 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory'],
  [MEMORY, 'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space'],
  [MEMORY, 'Killed'],
  [MEMORY, 'exit status 137'],
  [MEMORY, 'MemoryError'],
  ['is missing the environment variable DATABASE_URL', 'Error: Missing required environment variable: DATABASE_URL'],
  ['is missing the environment variable DATABASE_URL', 'panic: environment variable DATABASE_URL is not set'],
  ['is missing the environment variable DATABASE_URL', 'DATABASE_URL must be set'],
  ['is missing the environment variable DATABASE_URL', ['  File "<frozen os>", line 679, in __getitem__', "KeyError: 'DATABASE_URL'"]],
  ['is missing the environment variable DATABASE_URL', '/start.sh: line 3: DATABASE_URL: unbound variable'],
  ['is missing the environment variable POSTGRES_PASSWORD', ['Error: Database is uninitialized and superuser password is not specified.', '       You must specify POSTGRES_PASSWORD to a non-empty value for the']],
  ['is missing the environment variable MYSQL_ROOT_PASSWORD', ['You need to specify one of the following as an environment variable:', '    - MYSQL_ROOT_PASSWORD']],
  ['exits: nginx rejects its configuration: "host not found in upstream "api" in /etc/nginx/conf.d/default.conf:3"', 'nginx: [emerg] host not found in upstream "api" in /etc/nginx/conf.d/default.conf:3'],
  ['is rejected by its database (user "shop")', 'FATAL:  password authentication failed for user "shop"'],
  ['is rejected by its database (user "shop")', "ERROR 1045 (28000): Access denied for user 'shop'@'10.0.0.1' (using password: YES)"],
  ['cannot find the host "db"', 'Error: getaddrinfo ENOTFOUND db'],
  ['cannot find the host "db"', 'dial tcp: lookup db on 127.0.0.11:53: no such host'],
  ['cannot find the host "db"', 'psycopg2.OperationalError: could not translate host name "db" to address: Name or service not known'],
  ['cannot connect to 127.0.0.1:5432', 'Error: connect ECONNREFUSED 127.0.0.1:5432'],
  ['cannot connect to 10.0.0.9:5432', 'dial tcp 10.0.0.9:5432: connect: connection refused'],
  ['cannot connect to db.example.com', 'connection to server at "db.example.com" (10.0.0.9), port 5432 failed: timeout expired'],
  ['cannot connect to a service that it needs', 'requests.exceptions.ConnectionError: [Errno 111] Connection refused'],
  ['has no space left on its disk', 'Error: ENOSPC: no space left on device, write'],
  ['cannot find the file "/app/config.yml"', "Error: ENOENT: no such file or directory, open '/app/config.yml'"],
  ['cannot find the file "config.yml"', "FileNotFoundError: [Errno 2] No such file or directory: 'config.yml'"],
  ['cannot find the file "/etc/app.toml"', 'panic: open /etc/app.toml: no such file or directory'],
  ['cannot access the file "/data" (permission denied)', "Error: EACCES: permission denied, mkdir '/data'"],
  ['cannot access the file "/data/db" (permission denied)', "PermissionError: [Errno 13] Permission denied: '/data/db'"],
];

test.each(LOGS)('%s: %j', (cause, lines) => {
  expect(said(lines)).toMatchObject({ containerName: 'app', certainty: 'certain', cause, nextStep: expect.stringMatching(/^[A-Z].*\.$/s) });
});

test('has a line of a log for every sign', () => {
  const found = (lines: string | string[]) =>
    PROCESS_SIGNS.find(({ patterns }) => patterns.some((pattern) => [lines].flat().some((line) => pattern.test(line))));

  expect(new Set(LOGS.map(([, lines]) => found(lines)?.name))).toEqual(new Set(PROCESS_SIGNS.map(({ name }) => name)));
});

test.each([
  'DATABASE_URL is set', 'environment variable DATABASE_URL found', 'EACCES logged at /app/index.js:12', 'Killed the cache', 'no errors, all files found',
])('takes %j for no sign', (line) => {
  expect(said([line, 'bye']).cause).toMatch(/^exits; its log says /);
});

test.each([
  ['where it is missing', {}, 'Set DATABASE_URL in containers.app.environment.'],
  ['where it is given', { DATABASE_URL: 'x' }, 'Correct DATABASE_URL in containers.app.environment: the process rejects its value.'],
])('says what to do about an environment variable %s', (_, environment, nextStep) => {
  expect(said('DATABASE_URL is required', { environment }).nextStep).toBe(nextStep);
});

test.each([
  ['exec /start.sh: exec format error', 'Build the image with docker build --platform linux/amd64 and deploy it again. '
    + 'If it already is a linux/amd64 image, its entry point is a script without a #! line.'],
  ['/bin/sh: 1: nod: not found', 'Correct the command (containers.app.command, or CMD and ENTRYPOINT of the image). '
    + 'A script with Windows line endings, or with a missing shell in its #! line, causes the same error.'],
])('says what to do about %j', (line, nextStep) => {
  expect(said(line).nextStep).toBe(nextStep);
});

test('goes by what keeps a process from starting before what may be a warning', () => {
  expect(said(['Error: connect ECONNREFUSED 127.0.0.1:6379', 'Error: listen EADDRINUSE: address already in use :::3000']).cause).toContain('port 3000');
});

test.each(['listen:1 ', 'bind (', 'GET /a ', "', 1 address ", 'EADDRINUSE :', 'a.Error.', '| 200 |'])('comes to an end with a line that repeats %j', (part) => {
  expect(said(part.repeat(10_000)).certainty).toBeDefined();
});
