import { format } from 'node:util';

/**
 * What Lambda's Node.js runtime writes to CloudWatch for one argument of console.log, without its time and the id of the invocation.
 * After `LogPatch.js` of aws-lambda-ric 3.2.0. The package itself cannot be a development dependency: its installation compiles
 * libcurl and needs cmake.
 */
export const LAMBDA_CONSOLE = {
  TEXT: (message: unknown) => `2025-01-01T00:00:00.000Z\tinvocation\tINFO\t${format(message)}`,
  JSON: (message: unknown) => JSON.stringify({ timestamp: '2025-01-01T00:00:00.000Z', level: 'INFO', requestId: 'invocation', message }),
};
