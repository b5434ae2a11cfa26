/** What providers of keys prefix them with, and other texts that can only be secret. */
const SECRET_VALUES = [
  // scheme://user:password@host, but not a placeholder for the password.
  /[a-z][a-z0-9+.-]*:\/\/[^\s/:@?#]*:(?!\0|\$|<|\{|%[sdv(]|\*+@|x+@|@)[^\s/@\0]+@/i,
  /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/,
  /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/,
  /(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9]{20,}/,
  /(?<![A-Za-z0-9])github_pat_[A-Za-z0-9_]{20,}/,
  /(?<![A-Za-z0-9])gl(?:pat|dt|rt|ptt|cbt)-[A-Za-z0-9_-]{16,}/,
  /(?<![A-Za-z0-9])(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,}/,
  /(?<![A-Za-z0-9])whsec_[A-Za-z0-9+/=]{16,}/,
  /(?<![A-Za-z0-9])sk-(?:proj-|ant-|svcacct-)?[A-Za-z0-9_-]{20,}/,
  /(?<![A-Za-z0-9])xox[abeoprs]-[A-Za-z0-9-]{10,}/,
  /(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{35}/,
  /(?<![A-Za-z0-9])SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/,
  /(?<![A-Za-z0-9])(?:npm|hf|dop_v1|doo_v1|shpat|shpss|lin_api|pul|dckr_pat|dapi|pypi|rubygems|figd|ATATT|tskey)[_-][A-Za-z0-9_=-]{20,}/,
  /(?<![A-Za-z0-9])eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/,
  /https:\/\/hooks\.slack\.com\/services\/T[A-Za-z0-9]+\/B[A-Za-z0-9]+\/[A-Za-z0-9]{10,}/,
  // Connection strings of ADO.NET, ODBC and Azure: Server=…;Password=….
  /(?:^|;)\s*(?:password|pwd|accountkey|sharedaccesskey)\s*=\s*(?![\0${<]|;|$)[^;\0]{3,}/i,
];

/** An argument of a command: --password=value. */
const SECRET_ARGUMENT = /^--?[a-z-]*(?:password|passwd|secret|token|api-?key)=(?![\0${<])[^\0]+$/i;

/** Whether a text contains a secret, by the shape of the text. Each part of it that is known only at deploy time is `UNKNOWN`. */
export function isSecretByValue(text: string): boolean {
  return SECRET_VALUES.some((pattern) => pattern.test(text));
}

export function isSecretArgument(text: string): boolean {
  return SECRET_ARGUMENT.test(text) || isSecretByValue(text);
}
