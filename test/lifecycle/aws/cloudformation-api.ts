import { rawAnswer } from './raw-answer';
import { Faults, functionTagOf, type Fault, type RawAnswer, type SteppedClock } from '../../emulator';
import { failure, QueryServer, result, type QueryAnswer, type QueryRequest } from '../../lambda/clients/sdk/query-server';
import type { StackState, StackStatus } from '../cloudformation/stack-status';

/** What a function asked of CloudFormation. */
export interface CloudFormationRequest {
  readonly operation: string;
  /** The caller's application id. */
  readonly functionTag?: string;
}

/** Few, so that every test with a history reads several pages. */
const EVENTS_IN_A_PAGE = 3;

/** The part of CloudFormation's API that reports the status of stacks and resources, over HTTP or without. */
export class CloudFormationApi {
  public static async start(clock: SteppedClock): Promise<CloudFormationApi> {
    const api = new CloudFormationApi(clock);
    api.server = await QueryServer.start((request) => api.respond(request));
    return api;
  }

  /** What goes wrong on the way. */
  public readonly faults = new Faults();
  /** What was asked, in the order in which it came. */
  public readonly requests: CloudFormationRequest[] = [];
  private readonly stacks: StackStatus[] = [];
  private server!: QueryServer;

  private constructor(private readonly clock: SteppedClock) {}

  public get url(): string {
    return this.server.url;
  }

  public add(stack: StackStatus): void {
    this.stacks.push(stack);
  }

  public stateOf(stackId: string): StackState | undefined {
    return this.stacks.find((stack) => stack.stackId === stackId)?.state;
  }

  public async stop(): Promise<void> {
    await this.server.stop();
  }

  /** Answers a request that comes without a socket. */
  public async answer(request: QueryRequest): Promise<RawAnswer> {
    const { operation, fault } = this.take(request);
    return rawAnswer({
      clock: this.clock, contentType: 'text/xml', fault, carryOut: () => this.carryOut(request), faulty: (struck) => faultyAnswer(operation, struck),
    });
  }

  private respond(request: QueryRequest): QueryAnswer | undefined {
    const { operation, fault } = this.take(request);
    if (fault?.kind === 'no-answer') return undefined;
    return fault ? faultyAnswer(operation, fault) : this.carryOut(request);
  }

  private take({ parameters, userAgent }: QueryRequest): { operation: string; fault?: Fault } {
    const operation = parameters.Action;
    this.requests.push({ operation, functionTag: functionTagOf(userAgent) });
    return { operation, fault: this.faults.take(operation) };
  }

  private carryOut({ parameters }: QueryRequest): QueryAnswer {
    const { Action: operation, StackName: name, LogicalResourceId: logicalId } = parameters;
    const stack = this.stacks.find(({ stackId, stackName }) => stackId === name || stackName === name);
    switch (operation) {
      case 'DescribeStacks':
        if (!stack) return failure(400, 'ValidationError', `Stack with id ${name} does not exist`);
        return result(operation, `<Stacks><member><StackName>${stack.stackName}</StackName><StackId>${stack.stackId}</StackId>
          <CreationTime>2025-01-01T00:00:00.000Z</CreationTime><StackStatus>${stack.state}</StackStatus></member></Stacks>`);
      case 'DescribeStackResource': {
        if (!stack) return failure(400, 'ValidationError', `Stack '${name}' does not exist`);
        const resource = stack.resource(logicalId);
        if (!resource) return failure(400, 'ValidationError', `Resource ${logicalId} does not exist for stack ${stack.stackName}`);
        return result(operation, `<StackResourceDetail><StackName>${stack.stackName}</StackName><StackId>${stack.stackId}</StackId>
          <LogicalResourceId>${logicalId}</LogicalResourceId><ResourceType>Custom::LightsailContainerServiceDeployment</ResourceType>
          <ResourceStatus>${resource.status}</ResourceStatus>
          <LastUpdatedTimestamp>${new Date(resource.since).toISOString()}</LastUpdatedTimestamp></StackResourceDetail>`);
      }
      case 'DescribeStackEvents': {
        if (!stack) return failure(400, 'ValidationError', `Stack [${name}] does not exist`);
        const from = Number(parameters.NextToken ?? 0);
        const page = stack.events.slice(from, from + EVENTS_IN_A_PAGE);
        const isLast = from + EVENTS_IN_A_PAGE >= stack.events.length;
        return result(operation, `<StackEvents>${page.map((event, index) => `<member><StackId>${stack.stackId}</StackId><EventId>${from + index}</EventId>
          <StackName>${stack.stackName}</StackName><LogicalResourceId>${event.logicalId}</LogicalResourceId>
          <Timestamp>${new Date(event.at).toISOString()}</Timestamp><ResourceStatus>${event.status}</ResourceStatus></member>`).join('')}</StackEvents>${
          isLast ? '' : `<NextToken>${from + EVENTS_IN_A_PAGE}</NextToken>`}`);
      }
      default:
        return failure(400, 'InvalidAction', `Could not find operation ${operation} for version 2010-05-15`);
    }
  }
}

function faultyAnswer(operation: string, fault: Fault): QueryAnswer {
  switch (fault.kind) {
    case 'throttled':
      return failure(400, 'Throttling', 'Rate exceeded');
    case 'access-denied':
      return failure(403, 'AccessDenied', `The caller is not authorized to perform: cloudformation:${operation}`);
    case 'error':
      return failure(fault.status, fault.errorName, fault.message);
    case 'server-error':
      return failure(500, 'InternalFailure', 'An internal error occurred. Please try again later.');
    case 'malformed-answer':
      return { status: 200, body: `<${operation}Response><${operation}Res` };
    case 'other-answer':
      return result(operation, Object.entries(fault.body).map(([name, text]) => `<${name}>${text}</${name}>`).join(''));
    default:
      throw new Error(`CloudFormation's API has no fault ${JSON.stringify(fault.kind)} here`);
  }
}
