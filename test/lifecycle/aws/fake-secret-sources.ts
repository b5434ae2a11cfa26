import { rawAnswer } from './raw-answer';
import { Faults, functionTagOf, type Fault, type RawAnswer, type SteppedClock } from '../../emulator';
import { EcrRegistry, type DescribeImages } from '../../lambda/clients/ecr-registry';
import { failure, JsonServer, result, type JsonAnswer, type JsonRequest } from '../../lambda/clients/sdk/json-server';
import { PASSWORD, USERNAME } from '../../lambda/image-copy/fake-registry';

/** A request of a function. */
export interface SourceRequest {
  readonly operation: string;
  /** The caller's application id. */
  readonly functionTag?: string;
}

/** Where a value is read, as the properties of a resource have it. */
export interface ValueReference {
  readonly SecretsManager?: { readonly SecretId: string; readonly Field?: string };
  readonly SsmParameter?: { readonly Name: string };
}

interface Text {
  readonly text: string;
  readonly since: number;
}

/** Each operation with what its service calls itself and a fault of its own. */
const OPERATIONS: Record<string, { readonly target: string; readonly actions: string; readonly serverError: string; readonly member?: string }> = {
  GetSecretValue: { target: 'secretsmanager', actions: 'secretsmanager', serverError: 'InternalServiceError', member: 'Message' },
  GetParameter: { target: 'AmazonSSM', actions: 'ssm', serverError: 'InternalServerError' },
  GetAuthorizationToken: { target: 'AmazonEC2ContainerRegistry_V20150921', actions: 'ecr', serverError: 'ServerException' },
  DescribeImages: { target: 'AmazonEC2ContainerRegistry_V20150921', actions: 'ecr', serverError: 'ServerException' },
};

/** The part of Secrets Manager, Parameter Store and Amazon ECR that the handler reads what it deploys from, over HTTP or without. */
export class FakeSecretSources {
  public static async start(clock: SteppedClock): Promise<FakeSecretSources> {
    const api = new FakeSecretSources(clock);
    api.server = await JsonServer.start((request, userAgent) => api.respond(request, userAgent));
    return api;
  }

  /** The target header of an operation. */
  public static targetOf(operation: string): string {
    return `${OPERATIONS[operation].target}.${operation}`;
  }

  /** What goes wrong on the way. */
  public readonly faults = new Faults();
  /** What was asked, in the order in which it came. */
  public readonly requests: SourceRequest[] = [];
  private readonly registry = new EcrRegistry();
  private readonly texts = new Map<string, Text[]>();
  private server!: JsonServer;

  private constructor(private readonly clock: SteppedClock) {}

  public get url(): string {
    return this.server.url;
  }

  /** The tags and digests that the private registry holds, by repository. */
  public get repositories(): Map<string, string[]> {
    return this.registry.repositories;
  }

  /** Puts a text into a secret, which its ARN or name stands for, or into a parameter. */
  public put(name: string, text: string): void {
    this.texts.set(name, [...this.texts.get(name) ?? [], { text, since: this.clock.now() }]);
  }

  /** Each value that there was to read since then. */
  public valuesSince({ SecretsManager: secret, SsmParameter: parameter }: ValueReference, at: number): string[] {
    const texts = this.texts.get(secret?.SecretId ?? parameter?.Name ?? '') ?? [];
    return texts.filter((_, index) => index === texts.length - 1 || texts[index + 1].since >= at)
      .map(({ text }) => (secret?.Field === undefined ? text : String(JSON.parse(text)[secret.Field])));
  }

  public async stop(): Promise<void> {
    await this.server.stop();
  }

  /** Answers a request that comes without a socket. */
  public async answer(request: JsonRequest, userAgent: string): Promise<RawAnswer> {
    const { operation, fault } = this.take(request, userAgent);
    const carryOut = () => this.carryOut(operation, request);
    return rawAnswer({
      clock: this.clock, contentType: 'application/x-amz-json-1.1', fault, carryOut, faulty: (struck) => faultyAnswer(operation, struck, carryOut),
    });
  }

  private respond(request: JsonRequest, userAgent: string): JsonAnswer | undefined {
    const { operation, fault } = this.take(request, userAgent);
    const carryOut = () => this.carryOut(operation, request);
    if (fault?.kind === 'no-answer') return undefined;
    return fault ? faultyAnswer(operation, fault, carryOut) : carryOut();
  }

  private take({ target }: JsonRequest, userAgent: string): { operation: string; fault?: Fault } {
    const operation = target.split('.')[1];
    this.requests.push({ operation, functionTag: functionTagOf(userAgent) });
    return { operation, fault: this.faults.take(operation) };
  }

  private carryOut(operation: string, { target, body }: JsonRequest): JsonAnswer {
    if (!(operation in OPERATIONS) || target !== FakeSecretSources.targetOf(operation)) return failure(400, 'UnknownOperationException', `There is no ${target}`);
    if (operation === 'GetAuthorizationToken') return result({ authorizationData: [{ authorizationToken: Buffer.from(`${USERNAME}:${PASSWORD}`).toString('base64') }] });
    if (operation === 'DescribeImages') return this.registry.describeImages(body as DescribeImages);

    const { SecretId: secretId, Name: name, WithDecryption: isDecrypted } = body as { SecretId?: string; Name?: string; WithDecryption?: boolean };
    const text = this.texts.get(secretId ?? name ?? '')?.slice(-1)[0]?.text;
    if (operation === 'GetSecretValue') {
      return text === undefined ? failure(400, 'ResourceNotFoundException', "Secrets Manager can't find the specified secret.", 'Message')
        : result({ ARN: secretId, Name: secretId, VersionId: 'v-1', VersionStages: ['AWSCURRENT'], SecretString: text });
    }
    return text === undefined ? failure(400, 'ParameterNotFound', '')
      : result({ Parameter: { Name: name, Type: 'SecureString', Version: 1, Value: isDecrypted ? text : 'AQICAHj-encrypted' } });
  }
}

function faultyAnswer(operation: string, fault: Fault, carryOut: () => JsonAnswer): JsonAnswer {
  const { actions, serverError, member } = OPERATIONS[operation];
  switch (fault.kind) {
    case 'throttled':
      return failure(400, 'ThrottlingException', 'Rate exceeded', member);
    case 'access-denied':
      return failure(400, 'AccessDeniedException', `The caller is not authorized to perform: ${actions}:${operation}`, member);
    case 'error':
      return failure(fault.status, fault.errorName, fault.message, member);
    case 'server-error':
      return failure(500, serverError, 'An internal error occurred. Please try again later.', member);
    case 'malformed-answer':
      // What arrives holds the value.
      return { status: 200, body: carryOut().body.slice(0, -1) };
    case 'other-answer':
      return result(fault.body);
    default:
      throw new Error(`${operation} has no fault ${JSON.stringify(fault.kind)} here`);
  }
}
