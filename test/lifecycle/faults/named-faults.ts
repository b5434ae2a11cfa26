import { READ_TIMEOUTS, WRITE_TIMEOUTS } from '../../../lambda/clients/sdk/call';
import { Fault, type Faults } from '../../emulator';
import type { CloudFormation } from '../cloudformation/cloudformation';

export const LIGHTSAIL_READS = ['GetContainerServices', 'GetContainerServiceDeployments', 'GetContainerLog'] as const;
/** What the handler calls for a certificate: see the fault matrix in certificates/. */
export const CERTIFICATE_CALLS = ['GetCertificates'] as const;
export const LIGHTSAIL_WRITES = ['CreateContainerServiceDeployment', 'UpdateContainerService', 'TagResource'] as const;
export const CLOUDFORMATION_READS = ['DescribeStackResource', 'DescribeStacks'] as const;
export const SOURCE_READS = ['GetSecretValue', 'GetParameter', 'DescribeImages'] as const;
export const CALLS = [...LIGHTSAIL_READS, ...LIGHTSAIL_WRITES, ...CLOUDFORMATION_READS, ...SOURCE_READS];

/** What the handler of images calls. */
export const IMAGE_CALLS = [
  'GetContainerServices', 'GetContainerServiceDeployments', 'GetContainerImages', 'CreateContainerServiceRegistryLogin', 'RegisterContainerImage',
  'DeleteContainerImage', 'DescribeStackResource', 'DescribeStacks', 'DescribeStackEvents', 'GetSecretValue', 'GetAuthorizationToken',
] as const;
export type Call = typeof CALLS[number] | typeof IMAGE_CALLS[number] | typeof CERTIFICATE_CALLS[number];

const WRITES: readonly string[] = [...LIGHTSAIL_WRITES, 'RegisterContainerImage', 'DeleteContainerImage'];
const OF_CLOUDFORMATION: readonly string[] = [...CLOUDFORMATION_READS, 'DescribeStackEvents'];
const OF_SOURCES: readonly string[] = [...SOURCE_READS, 'GetAuthorizationToken'];

export function isWrite(call: string): boolean {
  return WRITES.includes(call);
}

export function isOfCloudFormation(call: string): boolean {
  return OF_CLOUDFORMATION.includes(call);
}

export function isOfSources(call: string): boolean {
  return OF_SOURCES.includes(call);
}

/** Where what goes wrong with a call is said. */
export function faultsOf({ emulator, api, sources }: CloudFormation, call: string): Faults {
  return (isOfCloudFormation(call) ? api : isOfSources(call) ? sources : emulator).faults;
}

/** One way in which a call can go wrong. */
export interface NamedFault {
  readonly name: string;
  /** Undefined where the call cannot go wrong so. */
  readonly of: (call: Call) => Fault | undefined;
  /** Whether a write had its effect all the same. */
  readonly hasEffect: boolean;
  /** What a reason that is about it quotes. */
  readonly words: RegExp;
}

const onWrites = (fault: Fault) => (call: Call) => (isWrite(call) ? fault : undefined);
/** The other services are in every Region. */
const unlessOfOthers = (fault: Fault) => (call: Call) => (isOfCloudFormation(call) || isOfSources(call) ? undefined : fault);
const unlessOfCloudFormation = (fault: Fault) => (call: Call) => (isOfCloudFormation(call) ? undefined : fault);

export const NAMED_FAULTS: readonly NamedFault[] = [
  { name: 'throttled', of: () => Fault.throttled(), hasEffect: false, words: /Throttling(Exception)?: Rate exceeded/ },
  { name: 'denied', of: () => Fault.accessDenied(), hasEffect: false, words: /AccessDenied(Exception)?: The caller is not authorized to perform: / },
  { name: 'a server error', of: () => Fault.serverError(), hasEffect: false, words: /(ServiceException|InternalFailure|InternalServiceError|InternalServerError|ServerException): An internal error occurred/ },
  { name: 'a server error after the effect', of: onWrites(Fault.serverError({ when: 'after' })), hasEffect: true, words: /ServiceException/ },
  { name: 'a reset connection', of: () => Fault.connectionReset(), hasEffect: false, words: /ECONNRESET/ },
  { name: 'a reset connection after the effect', of: onWrites(Fault.connectionReset({ when: 'after' })), hasEffect: true, words: /ECONNRESET/ },
  { name: 'no answer', of: () => Fault.noAnswer(), hasEffect: false, words: /TimeoutError: a request has exceeded/ },
  { name: 'no answer after the effect', of: onWrites(Fault.noAnswer({ when: 'after' })), hasEffect: true, words: /TimeoutError/ },
  { name: 'no answer, and a late effect', of: onWrites(Fault.lateEffect(WRITE_TIMEOUTS.requestTimeout + 1_500)), hasEffect: true, words: /TimeoutError/ },
  { name: 'a malformed answer', of: () => Fault.malformedAnswer(), hasEffect: true, words: /the response could not be parsed|Unclosed tag/ },
  { name: 'an answer that lacks what it must hold', of: () => Fault.otherAnswer({}), hasEffect: true, words: /the response lacks/ },
  {
    name: 'a slow answer',
    of: (call) => Fault.slow((isWrite(call) ? WRITE_TIMEOUTS : READ_TIMEOUTS).requestTimeout - 100),
    hasEffect: true,
    words: /./,
  },
  { name: 'a body that stalls', of: () => Fault.stalledBody(), hasEffect: true, words: /AbortError|TimeoutError|Request aborted/ },
  { name: 'a host that is not found', of: unlessOfOthers(Fault.unknownHost()), hasEffect: false, words: /ENOTFOUND/ },
  {
    name: 'an unknown error',
    of: unlessOfCloudFormation(Fault.error('MoodException', 503, `Not in the mood. ${'"Not" in the mood. '.repeat(200)}`)),
    hasEffect: false,
    words: /MoodException: Not in the mood/,
  },
];
