import { Outcome } from '../../emulator';
import { privateImage, type AppVariant, type PreparedApps } from '../apps/prepared-apps';
import type { CloudFormation, StackOutcome } from '../cloudformation/cloudformation';
import type { EndedStackState } from '../cloudformation/stack-status';

const MINUTE = 60_000;

/** A stack operation that is played through again and again, each time with something else going wrong. */
export interface StackOperation {
  readonly name: string;
  /** How it ends if nothing goes wrong. */
  readonly ends: EndedStackState;
  /** What each function calls if nothing goes wrong, but for what is only there to explain a failure. */
  readonly calls: { readonly onEvent: readonly string[]; readonly isComplete: readonly string[] };
  /** What was before. */
  prepare(cloud: CloudFormation): Promise<void>;
  run(cloud: CloudFormation): Promise<StackOutcome>;
}

const RETAINED: AppVariant = { id: 'Deployment', serviceName: 'web', content: 'nginx:1.26', trigger: 'a', timeoutMinutes: 30, removalPolicy: 'retain' };
export const OWNED: AppVariant = { ...RETAINED, removalPolicy: 'destroy' };

const SECRETIVE: AppVariant = { ...RETAINED, reads: 'secrets and a private image' };
export const SECRETIVE_OWNED: AppVariant = { ...OWNED, reads: 'secrets' };

const READS = ['GetContainerServices', 'GetContainerServiceDeployments'];
const CREATE = 'CreateContainerServiceDeployment';
const SECRETS = ['GetSecretValue', 'GetParameter'];
const SOURCES = [...SECRETS, 'DescribeImages'];

export function stackOperations(apps: () => PreparedApps): StackOperation[] {
  const deploy = (variant: AppVariant) => async (cloud: CloudFormation) => cloud.deploy(apps().of(variant));
  const created = (variant: AppVariant) => async (cloud: CloudFormation) => {
    await cloud.deploy(apps().of(variant));
    cloud.emulator.clock.advance(10 * MINUTE);
  };
  const disabled = async ({ emulator }: CloudFormation) => {
    emulator.invoke('CreateContainerServiceDeployment', { serviceName: 'web', containers: { other: { image: 'redis:latest' } } });
    emulator.clock.advance(10 * MINUTE);
    emulator.invoke('UpdateContainerService', { serviceName: 'web', isDisabled: true });
    emulator.clock.advance(10 * MINUTE);
  };
  const idle: StackOperation[] = [
    {
      name: 'create',
      ends: 'CREATE_COMPLETE',
      calls: { onEvent: [...READS, CREATE], isComplete: ['GetContainerServices'] },
      prepare: async () => undefined,
      run: deploy(RETAINED),
    },
    {
      name: 'update',
      ends: 'UPDATE_COMPLETE',
      calls: { onEvent: [...READS, CREATE], isComplete: ['GetContainerServices'] },
      prepare: created(RETAINED),
      run: deploy({ ...RETAINED, content: 'nginx:1.27' }),
    },
    {
      name: 'update that fails, with its rollback',
      ends: 'UPDATE_ROLLBACK_COMPLETE',
      calls: { onEvent: [...READS, CREATE], isComplete: READS },
      prepare: async (cloud) => {
        await created(RETAINED)(cloud);
        cloud.emulator.outcomes.forImage('nginx:1.27', Outcome.processExits());
      },
      run: deploy({ ...RETAINED, content: 'nginx:1.27' }),
    },
    {
      name: 'delete under DESTROY',
      ends: 'DELETE_COMPLETE',
      calls: { onEvent: [], isComplete: ['GetContainerServices', 'UpdateContainerService'] },
      prepare: created(OWNED),
      run: async (cloud) => cloud.delete(apps().of(OWNED)),
    },
    {
      name: 'create under DESTROY on a disabled service',
      ends: 'CREATE_COMPLETE',
      calls: {
        onEvent: [...READS, 'TagResource', 'UpdateContainerService', 'DescribeStackResource'],
        isComplete: [...READS, 'DescribeStackResource', CREATE],
      },
      prepare: disabled,
      run: deploy(OWNED),
    },
    {
      name: 'update of the triggers',
      ends: 'UPDATE_COMPLETE',
      calls: { onEvent: [...READS, 'DescribeStacks', 'DescribeStackResource', CREATE], isComplete: ['GetContainerServices'] },
      prepare: created(RETAINED),
      run: deploy({ ...RETAINED, trigger: 'b' }),
    },
  ];
  const withRole = (prepare: StackOperation['prepare']) => async (cloud: CloudFormation) => {
    cloud.emulator.invoke('UpdateContainerService', { serviceName: 'web', privateRegistryAccess: { ecrImagePullerRole: { isActive: true } } });
    cloud.emulator.clock.advance(10 * MINUTE);
    await prepare(cloud);
  };
  const secretive: StackOperation[] = [
    {
      name: 'create with secrets and a private image',
      ends: 'CREATE_COMPLETE',
      calls: {
        onEvent: [...READS, ...SOURCES, 'DescribeStackResource'],
        isComplete: [...READS, ...SOURCES, 'DescribeStackResource', 'UpdateContainerService', CREATE],
      },
      prepare: async () => undefined,
      run: deploy(SECRETIVE),
    },
    {
      name: 'update with secrets and a private image',
      ends: 'UPDATE_COMPLETE',
      calls: { onEvent: [...READS, ...SOURCES, CREATE], isComplete: ['GetContainerServices'] },
      prepare: withRole(created(SECRETIVE)),
      run: deploy({ ...SECRETIVE, content: 'nginx:1.27' }),
    },
    {
      name: 'update with secrets and a private image that fails, with its rollback',
      ends: 'UPDATE_ROLLBACK_COMPLETE',
      calls: { onEvent: [...READS, ...SOURCES, CREATE], isComplete: READS },
      prepare: withRole(async (cloud) => {
        await created(SECRETIVE)(cloud);
        cloud.emulator.outcomes.forImage(privateImage('nginx:1.27'), Outcome.processExits());
      }),
      run: deploy({ ...SECRETIVE, content: 'nginx:1.27' }),
    },
    {
      name: 'create under DESTROY with secrets',
      ends: 'CREATE_COMPLETE',
      calls: { onEvent: [...READS, ...SECRETS, 'TagResource', CREATE], isComplete: ['GetContainerServices'] },
      prepare: async () => undefined,
      run: deploy(SECRETIVE_OWNED),
    },
  ];
  const whileBusy = (operation: StackOperation, calls: StackOperation['calls']): StackOperation => ({
    ...operation,
    name: `${operation.name}, while someone else changes the service`,
    calls,
    prepare: async (cloud) => {
      await operation.prepare(cloud);
      cloud.emulator.setServiceState('web', 'UPDATING', 4 * MINUTE);
    },
  });
  const waited = { onEvent: [...READS, 'DescribeStackResource'], isComplete: [...READS, 'DescribeStackResource', CREATE] };
  return [
    ...idle,
    ...secretive,
    whileBusy(idle[0], waited),
    whileBusy(idle[1], waited),
    whileBusy(idle[2], waited),
    whileBusy(idle[3], idle[3].calls),
    whileBusy(idle[5], { ...waited, onEvent: [...waited.onEvent, 'DescribeStacks'] }),
  ];
}
