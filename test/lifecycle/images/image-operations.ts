import { randomBytes } from 'node:crypto';
import type { ImageResourceProperties } from '../../../lib/private/resource-properties';
import { imagesOnly, type ImageOptions } from '../apps/image-app';
import type { SynthesizedStack } from '../apps/template';
import { ECR_SOURCE, SOURCE, type ImageRegistries } from '../aws/image-registries';
import type { CloudFormation, StackOutcome } from '../cloudformation/cloudformation';
import type { EndedStackState } from '../cloudformation/stack-status';
import type { Call } from '../faults/named-faults';

/** A stack operation on images that is played through again and again, each time with something else going wrong. */
export interface ImageOperation {
  readonly name: string;
  /** How it ends if nothing goes wrong. */
  readonly ends: EndedStackState;
  /** What each function calls if nothing goes wrong. */
  readonly calls: { readonly onEvent: readonly Call[]; readonly isComplete: readonly Call[] };
  /**
   * Calls whose failure is never the event's. That the service is missing is seen by the next call, and what is not removed is removed another time.
   */
  readonly harmless: readonly Call[];
  prepare(cloud: CloudFormation): Promise<void>;
  run(cloud: CloudFormation): Promise<StackOutcome>;
}

export interface Surroundings {
  /** A stack whose handlers the images take; its resources are not of interest. */
  readonly stack: SynthesizedStack;
  readonly registries: ImageRegistries;
}

type Image = ImageOptions & Pick<ImageResourceProperties, 'ServiceName'>;

const BEGIN: Call[] = ['GetContainerServices', 'GetSecretValue'];
const FINISH: Call[] = ['GetContainerImages', 'CreateContainerServiceRegistryLogin', 'GetSecretValue', 'DescribeStackResource', 'RegisterContainerImage'];
const PRUNE: Call[] = ['GetContainerServices', 'GetContainerServiceDeployments', 'DeleteContainerImage'];

export function imageOperations(surroundings: () => Surroundings): ImageOperation[] {
  const image = (tag: string, options: Partial<ImageOptions> = {}): Image => ({
    ServiceName: 'web', Source: `${SOURCE}/team/app:${tag}`, Credentials: { Secret: { SecretsManager: { SecretId: 'login' } } }, ...options,
  });
  const stackOf = (...images: Image[]) =>
    imagesOnly(surroundings().stack, Object.fromEntries(images.map((each, index) => [`Image${index + 1}`, each])));
  const deploy = (...images: Image[]) => async (cloud: CloudFormation) => cloud.deploy(stackOf(...images));
  const pushed = async () => ['1', '2', '3'].forEach((tag) => surroundings().registries.push(tag, { layers: [randomBytes(2_000), randomBytes(3_000)] }));
  const created = (...images: Image[]) => async (cloud: CloudFormation) => {
    await pushed();
    await cloud.deploy(stackOf(...images));
    const [newest] = cloud.emulator.images('web');
    cloud.emulator.invoke('CreateContainerServiceDeployment', { serviceName: 'web', containers: { app: { image: newest.image } } });
    cloud.emulator.clock.advance(600_000);
  };
  return [
    {
      name: 'create',
      ends: 'CREATE_COMPLETE',
      calls: { onEvent: BEGIN, isComplete: FINISH },
      harmless: ['GetContainerServices'],
      prepare: pushed,
      run: deploy(image('1')),
    },
    {
      name: 'create from Amazon ECR',
      ends: 'CREATE_COMPLETE',
      calls: {
        onEvent: ['GetContainerServices', 'GetAuthorizationToken'],
        isComplete: [...FINISH.filter((call) => call !== 'GetSecretValue'), 'GetAuthorizationToken'],
      },
      harmless: ['GetContainerServices'],
      prepare: pushed,
      run: deploy(image('1', { Source: `${ECR_SOURCE}/team/app:1`, Credentials: undefined })),
    },
    {
      name: 'update',
      ends: 'UPDATE_COMPLETE',
      calls: { onEvent: [...BEGIN, 'DescribeStacks'], isComplete: FINISH },
      harmless: ['GetContainerServices'],
      prepare: created(image('1')),
      run: deploy(image('2')),
    },
    {
      name: 'update that removes old versions',
      ends: 'UPDATE_COMPLETE',
      calls: { onEvent: [...BEGIN, 'DescribeStacks'], isComplete: [...FINISH, ...PRUNE] },
      harmless: PRUNE,
      prepare: async (cloud) => {
        await created(image('1', { KeepVersions: 1 }))(cloud);
        await cloud.deploy(stackOf(image('2', { KeepVersions: 1 })));
      },
      run: deploy(image('3', { KeepVersions: 1 })),
    },
    {
      name: 'update that fails elsewhere, with its rollback',
      ends: 'UPDATE_ROLLBACK_COMPLETE',
      calls: {
        onEvent: [...BEGIN, 'DescribeStacks', 'DescribeStackEvents', 'GetContainerImages', 'GetContainerServiceDeployments'],
        isComplete: FINISH,
      },
      harmless: ['GetContainerServices'],
      prepare: created(image('1')),
      run: deploy(image('2'), image('missing', { Label: 'other' })),
    },
    {
      name: 'delete',
      ends: 'DELETE_COMPLETE',
      calls: { onEvent: [], isComplete: ['GetContainerImages', ...PRUNE] },
      harmless: [],
      prepare: async (cloud) => {
        await created(image('1'))(cloud);
        await cloud.deploy(stackOf(image('2')));
      },
      run: async (cloud) => cloud.delete(stackOf(image('2'))),
    },
  ];
}
