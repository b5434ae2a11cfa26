import type { Container } from '@aws-sdk/client-lightsail';

/** What is known of the container whose log shows a sign. */
export interface SignContext {
  readonly containerName: string;
  readonly container: Container;
}

/** What a line of a container's log says about why its process does not stay up. */
export interface ProcessSign {
  readonly name: string;
  /** Whether no process goes on after it; what else it is may be a warning only. */
  readonly fatal?: boolean;
  readonly patterns: readonly RegExp[];
  /** Goes on from `container "web"`. `detail` is what the pattern's first group that matched holds. */
  readonly cause: (detail: string | undefined, context: SignContext) => string;
  readonly nextStep: (detail: string | undefined, context: SignContext) => string;
}

const named = (detail: string | undefined, quoted = `"${detail}"`) => (detail === undefined ? '' : ` ${quoted}`);
const rebuild = 'build the image again and deploy it';

/**
 * In the order in which they go before each other: what keeps a process from starting at all, what ends it, what may be noise.
 * To know another sign, add a row, and a line of a real log to the test. Patterns look only so far (`.{0,80}`) that no line, however
 * long, keeps them busy.
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
    nextStep: () => 'Build the image for linux/amd64, for example with docker build --platform linux/amd64, and deploy it again. '
      + 'If it is for linux/amd64, its entry point is a script without a #! line.',
  },
  {
    name: 'command not executable',
    fatal: true,
    patterns: [/\bexec:? "?([^\s":]+)"?: permission denied/i, /exit(?:ed)?(?: with)? (?:status|code) 126\b/i],
    cause: (file) => `cannot start: its command${named(file)} is not executable`,
    nextStep: () => `Give the file the permission (RUN chmod +x in the Dockerfile), ${rebuild}.`,
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
      + 'A script whose #! line names a missing shell, or with Windows line ends, gives the same error.',
  },
  {
    name: 'privileged port',
    fatal: true,
    patterns: [
      /\blisten EACCES\b.{0,80}?:(\d{1,3})\b/,
      /\b(?:bind|listen)\b.{0,80}?:(\d{1,3})\b.{0,80}permission denied/i,
      /permission denied.{0,80}could not bind to address \S*:(\d{1,3})\b/i,
    ],
    cause: (port) => `may not listen on port ${port}: a process that is not root needs a port from 1024 on`,
    nextStep: (_, { containerName }) => `Let it listen on a port from 1024 on, such as 8080, and name that in containers.${containerName}.ports and publicEndpoint.containerPort.`,
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
    cause: (port) => `cannot listen${port === undefined ? '' : ` on port ${port}`}: the port is in use already`,
    nextStep: () => 'Let each process and each container of the deployment listen on a port of its own.',
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
    nextStep: () => `Add it to what the image is built from (its dependencies, a COPY, .dockerignore), ${rebuild}.`,
  },
  {
    name: 'out of memory',
    fatal: true,
    patterns: [
      /heap out of memory|OutOfMemoryError|\bOut of memory\b|oom[-_ ]?kill|\bMemoryError\b|cannot allocate memory/i,
      /^Killed(?: process.*)?$|signal: killed|exit(?:ed)?(?: with)? (?:status|code) 137\b/,
    ],
    cause: () => 'runs out of memory',
    nextStep: () => 'Give the container service a greater power (ContainerService.power), or let the process use less memory.',
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
    cause: (variable) => `misses the environment variable ${variable}`,
    nextStep: (variable, { containerName, container }) => (variable !== undefined && container.environment?.[variable] !== undefined
      ? `Correct ${variable} in containers.${containerName}.environment: the process does not take the value that is given.`
      : `Set ${variable} in containers.${containerName}.environment.`),
  },
  {
    name: 'nginx configuration',
    fatal: true,
    patterns: [/nginx: \[emerg\] (.{1,160})|\[emerg\] \d+#\d+: (.{1,160})/u],
    cause: (words) => `exits: nginx does not take its configuration:${named(words)}`,
    nextStep: () => `Correct the configuration, ${rebuild}. Containers of one deployment reach each other at localhost, not by name.`,
  },
  {
    name: 'access to a database refused',
    patterns: [/password authentication failed for user "?([\w-]+)|Access denied for user '?([\w-]+)|NOAUTH Authentication required|WRONGPASS/i],
    cause: (user) => `is refused by its database${named(user, `(user "${user}")`)}`,
    nextStep: (_, { containerName }) => `Correct the user and the password of the database that containers.${containerName} is given.`,
  },
  {
    name: 'host unknown',
    patterns: [
      /(?:ENOTFOUND|EAI_AGAIN) ([\w.-]+)/,
      /could not translate host name "([^"]+)"|lookup ([\w.-]+)(?: on \S+)?: (?:no such host|server misbehaving)|UnknownHostException: ([\w.-]+)/,
      /Name or service not known|Temporary failure in name resolution/,
    ],
    cause: (host) => `does not find the host${named(host)}`,
    nextStep: () => 'Correct the name of the host. Containers of one deployment reach each other at localhost, not by name.',
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
    nextStep: () => 'Check the host and the port, that the other side is up, and that it lets connections from Lightsail in. '
      + 'A container of the same deployment is at localhost.',
  },
  {
    name: 'disk full',
    patterns: [/ENOSPC|no space left on device/i],
    cause: () => 'has no space left on its disk',
    nextStep: () => 'Let it write less to its own disk, or give the container service a greater power (ContainerService.power).',
  },
  {
    name: 'file missing',
    patterns: [/ENOENT: no such file or directory, \w+ '([^']+)'/, /FileNotFoundError: .{0,80}?['"]([^'"]+)['"]/, /(?:open|stat) ([^\s:]+): no such file or directory/],
    cause: (file) => `does not find the file${named(file)}`,
    nextStep: () => `Put the file into the image (COPY, .dockerignore) or correct its path, ${rebuild}.`,
  },
  {
    name: 'file not accessible',
    patterns: [/EACCES: permission denied, \w+ '([^']+)'/, /PermissionError: .{0,80}?['"]([^'"]+)['"]/, /(?:open|mkdir|stat) ([^\s:]+): permission denied/],
    cause: (file) => `may not use the file${named(file)}`,
    nextStep: () => `Give the user of the process the right to it in the Dockerfile (COPY --chown, chmod), ${rebuild}.`,
  },
];
