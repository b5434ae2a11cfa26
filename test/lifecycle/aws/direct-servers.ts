import type { CloudFormationApi } from './cloudformation-api';
import { sdkError, type DirectServer } from './direct-client';
import { FakeSecretSources } from './fake-secret-sources';
import { CONTENT_TYPE, TARGET_PREFIX, type LightsailEmulator } from '../../emulator';

const SIGNATURE = 'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20250101/us-east-1/lightsail/aws4_request, SignedHeaders=host, Signature=0';

/** The emulator, in the words of AWS JSON 1.1. */
export function lightsailServer(emulator: LightsailEmulator, functionName: string): DirectServer {
  return {
    ask: (operation, input) => emulator.answer({
      method: 'POST',
      url: '/',
      headers: {
        'x-amz-target': `${TARGET_PREFIX}.${operation}`,
        'content-type': CONTENT_TYPE,
        'authorization': SIGNATURE,
        'user-agent': userAgent(functionName),
      },
      body: JSON.stringify(input, inEpochSeconds),
    }),
    read: readJson,
  };
}

/** CloudFormation, in the words of the AWS Query protocol. */
export function cloudFormationServer(api: CloudFormationApi, functionName: string): DirectServer {
  return {
    ask: (operation, input) => api.answer({ parameters: { Action: operation, ...input }, userAgent: userAgent(functionName) }),
    read: (operation, status, body) => {
      const text = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(body)?.[1];
      if (status >= 400) throw sdkError(text('Code') ?? 'UnknownError', text('Message') ?? '', status);
      if (!body.trimEnd().endsWith(`</${operation}Response>`)) throw new Error('Unclosed tag');

      if (operation === 'DescribeStackEvents') {
        const member = (xml: string, name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
        return {
          NextToken: text('NextToken'),
          StackEvents: body.includes('<StackEvents>') ? [...body.matchAll(/<member>.*?<\/member>/gs)].map(([xml]) => ({
            LogicalResourceId: member(xml, 'LogicalResourceId'), ResourceStatus: member(xml, 'ResourceStatus'), Timestamp: new Date(member(xml, 'Timestamp')!),
          })) : undefined,
        };
      }
      const timestamp = text('LastUpdatedTimestamp');
      return operation === 'DescribeStacks' ? { Stacks: [{ StackStatus: text('StackStatus') }] }
        : { StackResourceDetail: { ResourceStatus: text('ResourceStatus'), LastUpdatedTimestamp: timestamp === undefined ? undefined : new Date(timestamp) } };
    },
  };
}

/** Where secrets and images are, in the words of AWS JSON 1.1. */
export function sourceServer(sources: FakeSecretSources, functionName: string): DirectServer {
  return {
    ask: (operation, input) => sources.answer({ target: FakeSecretSources.targetOf(operation), body: input }, userAgent(functionName)),
    read: readJson,
  };
}

function readJson(_: string, status: number, body: string): unknown {
  const answer = JSON.parse(body, asDate);
  if (status < 400) return answer;
  const { __type: name, Message: otherMessage = '', message = otherMessage, ...details } = answer;
  throw sdkError(name, message, status, details);
}

function userAgent(functionName: string): string {
  return `aws-sdk-js/3 app/${functionName}`;
}

/** A date has become text by the time that `JSON.stringify` asks. */
function inEpochSeconds(this: Record<string, unknown>, key: string, value: unknown): unknown {
  return this[key] instanceof Date ? this[key].getTime() / 1000 : value;
}

function asDate(key: string, value: unknown): unknown {
  return key === 'createdAt' && typeof value === 'number' ? new Date(value * 1000) : value;
}
