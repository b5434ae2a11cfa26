import type { Container } from '@aws-sdk/client-lightsail';

/** The container whose log shows a sign. */
export interface SignContext {
  readonly containerName: string;
  readonly container: Container;
  /** Whether the detail is the name of a variable that the container has. */
  readonly isSet: boolean;
}

/** A log line that shows why the process of a container does not stay up. */
export interface ProcessSign {
  readonly name: string;
  /** True if the process cannot survive this error. Other signs may be warnings. */
  readonly fatal?: boolean;
  readonly patterns: readonly RegExp[];
  /** Follows `container "web"` in a sentence. `detail` is the first group of the pattern that matched. */
  readonly cause: (detail: string | undefined, context: SignContext) => string;
  readonly nextStep: (detail: string | undefined, context: SignContext) => string;
}

const named = (detail: string | undefined, quoted = `"${detail}"`) => (detail === undefined ? '' : ` ${quoted}`);
const rebuild = 'then rebuild the image and deploy it';

/**
 * In order of priority: errors that prevent a start, errors that end a process, errors that may be noise.
 * To add a sign, add a row here and a real log line to the test. Patterns are bounded (`.{0,80}`), so that a very long line
 * does not make them slow.
 */
export const PROCESS_SIGNS: readonly ProcessSign[] = [
  {
    name: 'wrong architecture',
    fatal: true,
    patterns: [
      /exec format error/i,
      /no match(?:ing manifest)? for (?:platform|linux\/)/i,
      /image's (?:architecture|platform)/i,
      /cannot execute binary file/i,
    ],
    cause: () => 'cannot run its image: it is not built for linux/amd64',
    nextStep: () => 'Build the image with docker build --platform linux/amd64 and deploy it again. '
      + 'If it already is a linux/amd64 image, its entry point is a script without a #! line.',
  },
  {
    name: 'command not executable',
    fatal: true,
    patterns: [/\bexec:? "?([^\s":]+)"?: permission denied/i, /exit(?:ed)?(?: with)? (?:status|code) 126\b/i],
    cause: (file) => `cannot start: its command${named(file)} is not executable`,
    nextStep: () => `Make the file executable (RUN chmod +x in the Dockerfile), ${rebuild}.`,
  },
  {
    name: 'command not found',
    fatal: true,
    patterns: [
      /exec:? "?([^\s":]+)"?: (?:executable file not found|stat [^:]+: no such file or directory|no such file or directory)/i,
      /\b(?:ba|da)?sh: (?:exec: )?(?:line )?(?:\d+: )?([^\s:]+): (?:(?:command )?not found|cannot execute: required file not found)/i,
      /\benv: (?:can't execute )?['‘]?([^\s'’:]+)['’]?: No such file or directory/i,
      /executable file not found in \$PATH/i,
      /exit(?:ed)?(?: with)? (?:status|code) 127\b/i,
    ],
    cause: (file) => `cannot start: its command${named(file)} is not in the image`,
    nextStep: (_, { containerName }) => `Correct the command (containers.${containerName}.command, or CMD and ENTRYPOINT of the image). `
      + 'A script with Windows line endings, or with a missing shell in its #! line, causes the same error.',
  },
  {
    name: 'privileged port',
    fatal: true,
    patterns: [
      /\blisten EACCES\b.{0,80}?:(\d{1,3})\b/,
      /\b(?:bind|listen)\b.{0,80}?:(\d{1,3})\b.{0,80}permission denied/i,
      /permission denied.{0,80}could not bind to address \S*:(\d{1,3})\b/i,
    ],
    cause: (port) => `cannot listen on port ${port}: only root can use ports below 1024`,
    nextStep: (_, { containerName }) => `Make it listen on a port of 1024 or above, such as 8080. Use that port in containers.${containerName}.ports and publicEndpoint.containerPort.`,
  },
  {
    name: 'port in use',
    fatal: true,
    patterns: [
      /EADDRINUSE.{0,80}?:(\d{1,5})\b/,
      /\b(?:bind|listen)\b.{0,80}?(?::|', )(\d{1,5})\b.{0,80}address (?:is )?(?:already )?in use/i,
      /address already in use.{0,80}could not bind to address \S*:(\d{1,5})\b/i,
      /\bport (\d{1,5}) (?:is|was) already in use/i,
      /EADDRINUSE|address (?:is )?(?:already )?in use/i,
    ],
    cause: (port) => `cannot listen${port === undefined ? '' : ` on port ${port}`}: the port is already in use`,
    nextStep: () => 'Use a different port for each process and each container of the deployment.',
  },
  {
    name: 'module missing',
    fatal: true,
    patterns: [
      /Cannot find (?:module|package) ['"]([^'"]+)['"]/i,
      /ModuleNotFoundError: No module named ['"]([^'"]+)['"]/,
      /ImportError: (?:cannot import name|No module named) ['"]?([\w.]+)/,
      /(?:ClassNotFoundException|NoClassDefFoundError): ([\w.$/]+)|Could not find or load main class (\S+)|Unable to access jarfile (\S+)/,
      /cannot load such file -- (\S+)/,
      /error while loading shared libraries: ([^\s:]+)/,
    ],
    cause: (module) => `exits: "${module}" is not in the image`,
    nextStep: () => `Add it to the image (dependencies, COPY, .dockerignore), ${rebuild}.`,
  },
  {
    name: 'out of memory',
    fatal: true,
    patterns: [
      /heap out of memory|OutOfMemoryError|\bOut of memory\b|oom[-_ ]?kill|\bMemoryError\b|cannot allocate memory/i,
      /^Killed(?: process.*)?$|signal: killed|exit(?:ed)?(?: with)? (?:status|code) 137\b/,
    ],
    cause: () => 'runs out of memory',
    nextStep: () => 'Choose a larger `power` for the container service, or reduce the memory that the process uses.',
  },
  {
    name: 'environment variable missing',
    patterns: [
      /(?:missing|required|undefined|unset)(?: required)? (?:environment variable|env var|env)s?:?\s+['"`$]?([A-Z][A-Z0-9_]{2,})/i,
      /(?:environment variable|env var)\s+['"`$]?([A-Z][A-Z0-9_]{2,})['"`]?,?\s+(?:(?:is |was )?(?:not |un|missing|required|empty)|must |has to )/i,
      /\b([A-Z][A-Z0-9]*_[A-Z0-9_]+)['"`]?\s+(?:environment variable |env var )?(?:(?:is |was )(?:not |un|missing|required|empty)|must (?:not )?be |has to be )/,
      /\bKeyError: ['"]([A-Z][A-Z0-9_]{2,})['"]/,
      /\b([A-Z][A-Z0-9_]{2,}): (?:parameter (?:null or )?not set|unbound variable)/,
      /You must specify ([A-Z][A-Z0-9_]{2,})/,
      /^\s*-? ?((?:MYSQL|MARIADB|POSTGRES)_[A-Z_]*PASSWORD[A-Z_]*)$/,
    ],
    cause: (variable) => `is missing the environment variable ${variable}`,
    nextStep: (variable, { containerName, isSet }) => (isSet
      ? `Correct ${variable} in containers.${containerName}.environment: the process rejects its value.`
      : `Set ${variable} in containers.${containerName}.environment.`),
  },
  {
    name: 'nginx configuration',
    fatal: true,
    patterns: [/nginx: \[emerg\] (.{1,160})|\[emerg\] \d+#\d+: (.{1,160})/u],
    cause: (words) => `exits: nginx rejects its configuration:${named(words)}`,
    nextStep: () => `Correct the configuration, ${rebuild}. Containers of one deployment reach each other at localhost, not by name.`,
  },
  {
    name: 'access to a database refused',
    patterns: [/password authentication failed for user "?([\w-]+)|Access denied for user '?([\w-]+)|NOAUTH Authentication required|WRONGPASS/i],
    cause: (user) => `is rejected by its database${named(user, `(user "${user}")`)}`,
    nextStep: (_, { containerName }) => `Correct the user and password of the database in containers.${containerName}.environment or secrets.`,
  },
  {
    name: 'host unknown',
    patterns: [
      /(?:ENOTFOUND|EAI_AGAIN) ([\w.-]+)/,
      /could not translate host name "([^"]+)"|lookup ([\w.-]+)(?: on \S+)?: (?:no such host|server misbehaving)|UnknownHostException: ([\w.-]+)/,
      /Name or service not known|Temporary failure in name resolution/,
    ],
    cause: (host) => `cannot find the host${named(host)}`,
    nextStep: () => 'Correct the host name. Containers of one deployment reach each other at localhost, not by name.',
  },
  {
    name: 'connection refused',
    patterns: [
      /(?:ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH) ([\w.:[\]-]+)/,
      /dial tcp (?:[\w.-]+ )?([\w.:[\]-]+): (?:connect: connection refused|i\/o timeout)/,
      /connection to server at "([^"]+)".{0,80} failed|Can't connect to (?:MySQL|MariaDB) server on '([^']+)'/,
      /ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|connection refused|could not connect to server|Communications link failure/i,
    ],
    cause: (address) => `cannot connect to ${address ?? 'a service that it needs'}`,
    nextStep: () => 'Check the host and port, that the server is running, and that it accepts connections from Lightsail. '
      + 'Containers of one deployment reach each other at localhost.',
  },
  {
    name: 'disk full',
    patterns: [/ENOSPC|no space left on device/i],
    cause: () => 'has no space left on its disk',
    nextStep: () => 'Reduce what it writes to its disk, or choose a larger `power` for the container service.',
  },
  {
    name: 'file missing',
    patterns: [/ENOENT: no such file or directory, \w+ '([^']+)'/, /FileNotFoundError: .{0,80}?['"]([^'"]+)['"]/, /(?:open|stat) ([^\s:]+): no such file or directory/],
    cause: (file) => `cannot find the file${named(file)}`,
    nextStep: () => `Add the file to the image (COPY, .dockerignore) or correct its path, ${rebuild}.`,
  },
  {
    name: 'file not accessible',
    patterns: [/EACCES: permission denied, \w+ '([^']+)'/, /PermissionError: .{0,80}?['"]([^'"]+)['"]/, /(?:open|mkdir|stat) ([^\s:]+): permission denied/],
    cause: (file) => `cannot access the file${named(file)} (permission denied)`,
    nextStep: () => `Fix its owner or mode in the Dockerfile (COPY --chown, chmod), ${rebuild}.`,
  },
];
