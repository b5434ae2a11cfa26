import { LAMBDA_CONSOLE } from './lambda-console';
import { createHandlers } from '../../../lambda';
import type { Lightsail } from '../../../lambda/clients/lightsail';
import { jsonLog } from '../../../lambda/shared/log';

const SECRET = 'hunter2-secret';

const noService: Lightsail = {
  getService: async () => undefined,
  getDeployments: async () => [],
  getContainerLog: async () => ({ events: [] }),
  getCertificate: async () => undefined,
  createDeployment: async () => undefined,
  setDisabled: async () => undefined,
  setDomainNames: async () => undefined,
  enableRegistryAccess: async () => undefined,
  tagService: async () => undefined,
};

test('logs JSON lines of chosen fields: no value of an environment variable, no ResponseURL', async () => {
  const lines = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  const { onEvent } = createHandlers({ lightsail: noService });
  const event = {
    RequestType: 'Create',
    RequestId: 'r-1',
    ResourceType: 'Custom::LightsailContainerServiceDeployment',
    ResponseURL: 'https://example.com/presigned',
    ResourceProperties: { ServiceName: 'web', Containers: { app: { Image: 'nginx', Environment: { PASSWORD: SECRET } } }, Timeout: '60' },
  };

  await expect(onEvent(event)).rejects.toThrow('there is no container service "web"');

  const logged = lines.mock.calls.map(([line]) => JSON.parse(line as string));
  expect(logged).toContainEqual(expect.objectContaining({ message: 'failed', requestId: 'r-1', requestType: 'Create' }));
  expect(JSON.stringify(logged)).not.toContain(SECRET);
  expect(JSON.stringify(logged)).not.toContain('presigned');
  lines.mockRestore();
});

describe('an entry of the log is one line whose fields can be queried', () => {
  const ENTRY = { message: 'created', serviceName: 'web', version: 3, containerLog: ['one', 'two\nthree %s'] };

  /** What CloudWatch gets of the entry. */
  function written(logFormat: 'TEXT' | 'JSON' | undefined): string {
    const { AWS_LAMBDA_LOG_FORMAT: before } = process.env;
    if (logFormat === undefined) delete process.env.AWS_LAMBDA_LOG_FORMAT;
    else process.env.AWS_LAMBDA_LOG_FORMAT = logFormat;
    const lines: string[] = [];
    const console = jest.spyOn(global.console, 'log').mockImplementation((...params) => {
      expect(params).toHaveLength(1);
      lines.push(LAMBDA_CONSOLE[logFormat ?? 'TEXT'](params[0]));
    });
    try {
      const { message, ...fields } = ENTRY;
      jsonLog(message, fields);
    } finally {
      console.mockRestore();
      if (before === undefined) delete process.env.AWS_LAMBDA_LOG_FORMAT;
      else process.env.AWS_LAMBDA_LOG_FORMAT = before;
    }
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain('\n');
    return lines[0];
  }

  test('with LoggingFormat.JSON, as fields of the message and not as JSON inside of a string', () => {
    expect(JSON.parse(written('JSON'))).toMatchObject({ level: 'INFO', message: ENTRY });
  });

  test.each(['TEXT', undefined] as const)('with LoggingFormat.TEXT, as JSON after the time and the id of the invocation (%s)', (logFormat) => {
    expect(JSON.parse(written(logFormat).split('\t').at(-1)!)).toEqual(ENTRY);
  });
});

test.each(['JSON', 'TEXT'] as const)('with LoggingFormat.%s, no character in an entry breaks its line, reorders it or acts on a terminal', (logFormat) => {
  const logged = jest.spyOn(global.console, 'log').mockImplementation(() => undefined);
  process.env.AWS_LAMBDA_LOG_FORMAT = logFormat;
  try {
    jsonLog('failed', { error: 'a\u2028b\u202ec\u009bd\u0085e', containerLog: ['f\u001b[31m\u2029g'], reason: 'one\ntwo', version: 3 });
  } finally {
    delete process.env.AWS_LAMBDA_LOG_FORMAT;
  }
  const line = LAMBDA_CONSOLE[logFormat](logged.mock.calls[0][0]);
  logged.mockRestore();

  expect(line.slice(line.indexOf('{'))).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
  expect(line).toContain('"error":"a b c d e","containerLog":["f [31m g"],"reason":"one\\ntwo","version":3');
});
