import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { LambdaAccount } from './lambda-account';
import type { Answer, Event, Provider, Waiter } from './provider-framework';
import { WaiterStateMachine, type WaiterRetry } from './step-functions';
import type { SteppedClock } from '../../emulator';

const RUNTIME = join(dirname(createRequire(__filename).resolve('aws-cdk-lib/package.json')), 'custom-resources', 'lib', 'provider-framework', 'runtime');

/** CloudFormation waits no longer than this for the answer of a custom resource, unless its ServiceTimeout is shorter. */
const MAX_WAIT_MS = 3_600_000;

/** What the framework's functions have unless a template says otherwise. */
const FRAMEWORK_MEMORY_MB = 128;
const FRAMEWORK_TIMEOUT_SECONDS = 900;

type Handle = (event: any) => Promise<any>;

export interface FrameworkOptions {
  readonly clock: SteppedClock;
  readonly lambda: LambdaAccount;
  readonly waiter: WaiterRetry;
  /** Distinguishes the functions of several stacks. */
  readonly stackName: string;
  /** Of the handler's function. */
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly onEvent: Handle;
  readonly isComplete: Handle;
}

/**
 * The Provider framework with its own code: the functions that aws-cdk-lib deploys and the state machine between them, on a Lambda with a quota.
 * Every invocation takes a slot, and the framework's functions hold theirs while the handler runs.
 */
export class FrameworkRuntime implements Provider {
  public readonly stateMachine: WaiterStateMachine;
  private readonly name: (functionName: string) => string;
  private readonly waiting = new Map<string, (answer: Answer) => void>();

  constructor(private readonly options: FrameworkOptions) {
    const { clock, lambda, waiter, stackName, memoryMb, timeoutSeconds } = options;
    this.name = (functionName) => `${stackName}-${functionName}`;
    const functions = { isComplete: this.name('framework-isComplete'), onTimeout: this.name('framework-onTimeout') };
    this.stateMachine = new WaiterStateMachine(clock, lambda, waiter, functions);
    for (const functionName of ['onEvent', 'isComplete'] as const) {
      lambda.create(this.name(functionName), {
        memoryMb, timeoutSeconds, sameAs: this.name('handler'), handle: async (payload) => options[functionName](JSON.parse(payload)),
      });
    }
    const framework = this.load();
    for (const functionName of ['onEvent', 'isComplete', 'onTimeout'] as const) {
      lambda.create(this.name(`framework-${functionName}`), {
        memoryMb: FRAMEWORK_MEMORY_MB,
        timeoutSeconds: FRAMEWORK_TIMEOUT_SECONDS,
        handle: async (payload) => framework[functionName](JSON.parse(payload)),
      });
    }
  }

  /** Delivers an event and waits for its answer. */
  public async handle(event: Event): Promise<Answer> {
    const { clock, lambda } = this.options;
    const sentAt = clock.now();
    const { ServiceTimeout: seconds } = event.ResourceProperties;
    const maxWaitMs = seconds === undefined ? MAX_WAIT_MS : Number(seconds) * 1000;
    const answer = await new Promise<Answer>((resolve) => {
      this.waiting.set(event.RequestId, resolve);
      lambda.invokeAsynchronously(this.name('framework-onEvent'), JSON.stringify(event)).catch((error: Error) => {
        resolve({ status: 'FAILED', reason: `CloudFormation did not receive a response from your Custom Resource: ${error.message}` });
      });
    });
    // The function that answered ends after that.
    await new Promise(setImmediate);
    return clock.now() - sentAt <= maxWaitMs ? answer
      : { status: 'FAILED', physicalResourceId: answer.physicalResourceId, reason: 'CloudFormation did not receive a response from your Custom Resource in time' };
  }

  /** The framework's functions cannot be stopped between them, so the waiter has begun. */
  public async start(event: Event): Promise<Waiter> {
    const answer = this.handle(event);
    return { answer: async () => answer };
  }

  /** Loads the code that aws-cdk-lib deploys, with Lambda, Step Functions and CloudFormation's address replaced. */
  private load(): Record<'onEvent' | 'isComplete' | 'onTimeout', Handle> {
    const { clock, lambda } = this.options;
    const replaced: Record<string, unknown> = {
      '@aws-sdk/client-lambda': {
        Lambda: withMethod('invoke', async ({ FunctionName, Payload }: { FunctionName: string; Payload: string }) => lambda.invokeThroughSdk(FunctionName, Payload)),
        waitUntilFunctionActiveV2: async () => ({ state: 'SUCCESS' }),
      },
      '@aws-sdk/client-sfn': { SFN: withMethod('startExecution', async ({ input }: { input: string }) => this.stateMachine.startExecution(input)) },
      'https': { request: (_: object, respond: (response: object) => void) => this.responseTo(respond) },
    };
    const env = {
      USER_ON_EVENT_FUNCTION_ARN: this.name('onEvent'), USER_IS_COMPLETE_FUNCTION_ARN: this.name('isComplete'), WAITER_STATE_MACHINE_ARN: this.name('waiter'),
    };
    const loaded = new Map<string, { exports: any }>();
    const require_ = createRequire(__filename);
    const load = (name: string): any => {
      if (name in replaced) return replaced[name];
      if (!name.startsWith('./')) return require_(name);
      const module = loaded.get(name) ?? { exports: {} };
      if (!loaded.has(name)) {
        loaded.set(name, module);
        const code = readFileSync(join(RUNTIME, `${name}.js`), 'utf8');
        const later = (resume: () => void, ms: number) => void clock.sleep(ms).then(resume);
        new Function('exports', 'module', 'require', 'process', 'console', 'setTimeout', code)(
          module.exports, module, load, { env }, { log: () => undefined }, later);
      }
      return module.exports;
    };
    return load('./framework');
  }

  /** CloudFormation's end of a response. */
  private responseTo(respond: (response: object) => void) {
    return {
      on: () => undefined,
      write: (body: string) => {
        const { Status, Reason, RequestId, PhysicalResourceId, Data } = JSON.parse(body);
        this.waiting.get(RequestId)?.({
          status: Status, physicalResourceId: PhysicalResourceId, ...(Status === 'FAILED' && { reason: Reason }), ...(Data && { data: Data }),
        });
        this.waiting.delete(RequestId);
      },
      end: () => respond({ statusCode: 200, resume: () => undefined }),
    };
  }
}

function withMethod(name: string, method: Handle) {
  return class {
    constructor() {
      Object.assign(this, { [name]: method });
    }
  };
}
